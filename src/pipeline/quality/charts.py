"""Counts → inline SVG, drawn by Vega-Lite inside this process.

Nothing is fetched, and the same counts give the same bytes.
"""

from __future__ import annotations

import re

import pandas as pd

from schemas.columns import EVENT_TYPES, MODALITIES

COLOURS = ("#1f4e79", "#2a9d8f", "#e0a030", "#8a949e")
"""One for each modality, told apart by the colour-blind and in grey print."""
FONT = "system-ui, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
WIDTH = 900
WHOLE = "datum.value % 1 ? '' : format(datum.value, ',d')"
"""Labels of a count axis: half an event has no label."""


def by_type(counts: pd.DataFrame) -> str:
    """Bars of events by type, stacked by modality. ``counts`` has event_type, modality, events."""
    import altair as alt  # a second of imports that only this page needs

    present = set(counts["event_type"])
    order = [kind for kind in EVENT_TYPES if kind in present] + sorted(present - set(EVENT_TYPES))
    chart = (
        alt.Chart(counts.assign(rank=counts["modality"].map(MODALITIES.index)))
        .mark_bar()
        .encode(
            x=alt.X("events:Q", title="events", axis=alt.Axis(tickCount=8, labelExpr=WHOLE)),
            y=alt.Y("event_type:N", sort=order, title=None),
            color=_modality_colour(alt),
            order=alt.Order("rank:Q"),
        )
        .properties(width=WIDTH - 120, height=alt.Step(24))
    )
    return _svg(chart, "type")


def by_month(counts: pd.DataFrame) -> str:
    """Two rows of bars by month. ``counts`` has month (YYYY-MM), what, rows."""
    import altair as alt

    months = pd.period_range(counts["month"].min(), counts["month"].max(), freq="M").astype(str).tolist()
    shown = months[:: max(1, len(months) // 12)]
    chart = (
        alt.Chart(counts)
        .mark_bar(color=COLOURS[0], size=min(48, 0.85 * (WIDTH - 60) / len(months)))
        .encode(
            x=alt.X(
                "month:O",
                title=None,
                scale=alt.Scale(domain=months),
                axis=alt.Axis(values=shown, labelAngle=0, labelOverlap=True),
            ),
            y=alt.Y(
                "rows:Q",
                title=None,
                axis=alt.Axis(tickCount=4, labelExpr=WHOLE),
            ),
            row=alt.Row(
                "what:N",
                title=None,
                sort=None,
                header=alt.Header(labelAngle=0, labelAnchor="start", labelOrient="top", labelFontSize=13),
            ),
        )
        .properties(width=WIDTH - 60, height=110)
        .resolve_scale(y="independent")
    )
    return _svg(chart, "month")


def _modality_colour(alt) -> object:  # type: ignore[no-untyped-def]
    scale = alt.Scale(domain=list(MODALITIES), range=list(COLOURS))
    return alt.Color(
        "modality:N",
        scale=scale,
        legend=alt.Legend(
            orient="top", title=None, symbolType="square", labelFontSize=13, symbolSize=140, columnPadding=18
        ),
    )


def _svg(chart, name: str) -> str:  # type: ignore[no-untyped-def]
    import vl_convert

    themed = chart.configure(font=FONT, background="#ffffff").configure_view(stroke=None)
    themed = themed.configure_axis(labelFontSize=12, labelColor="#1c2733", gridColor="#e3e8ed", domainColor="#9aa5af")
    drawn = vl_convert.vegalite_to_svg(themed.to_dict())
    # Several drawings share one page: ids must not collide.
    return re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", drawn)
