"""The public face: a folder of plain files made from what a node shows to anybody. Knows the pages; holds no rule."""
