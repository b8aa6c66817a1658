"""One side's installation, in rooms: folder, core, record, line, checking, acting, people, keeping."""
