"""Tables of figures: what is true, what adds up, what is seen of it, what is printed."""
