"""Many customers in one process, each a whole application of its own: what is another's cannot even be named."""
