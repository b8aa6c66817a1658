"""Two capitals end to end: two served nodes, their pages in a browser, a real exchange between them."""
