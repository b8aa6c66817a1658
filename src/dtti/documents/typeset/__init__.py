"""Text set in print by Typst: compiled templates, shipped faces, what they can show, PDFs put in and read back."""
