"""A gazetteer of one's own, from a GeoNames dump: for villages and sites that the shipped gazetteer lacks.

``building`` reads the dump once, line by line, and writes the file that :func:`pipeline.places.use_gazetteer` uses;
``command`` is ``dateline gazetteer``.
"""
