"""What each paper holds, as frozen structures read strictly from JSON. One file per family; knows no layout."""
