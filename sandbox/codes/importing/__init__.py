"""Official files of CMS and CDC, and a school's own tables, into ``official.db``."""
