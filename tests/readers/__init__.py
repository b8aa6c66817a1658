"""Other people's tools read our files: two sides, their files, and what a changed byte does to them."""
