"""The page that proves a certificate in a browser, offline: one file, made of the parts in this folder."""
