"""From a request to a benchmark: what is asked, which months are compared, what is made of the answers, what must be said beside them."""
