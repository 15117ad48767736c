"""Charts of a benchmark: one file a chart, each a Vega-Lite specification made of released figures only."""
