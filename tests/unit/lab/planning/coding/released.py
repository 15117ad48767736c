"""Tables as the gate releases them, drawn by hand."""

import pyarrow as pa


def table(dimensions, rows, figures):
    """`rows`: grouping, codes (a dict), and a figure each; None is hidden."""
    columns = {"grouping": pa.array([row[0] for row in rows], pa.int64())}
    for name in dimensions:
        columns[name] = pa.array([row[1].get(name) for row in rows], pa.string())
    for place, figure in enumerate(figures):
        values = [row[2][place] for row in rows]
        columns[figure] = pa.array(values, pa.float64())
        columns[f"{figure}__status"] = pa.array(["suppressed" if value is None else "rounded" for value in values], pa.string())
    return pa.table(columns)
