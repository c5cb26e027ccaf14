"""Answers → one WARC file, written whole or not at all (ISO 28500:2017, WARC 1.1)."""

from __future__ import annotations

import io
import json
import os
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from pipeline.fetch.answers import Answer
from pipeline.fetch.feeds import Entry

_UNCHUNKED = {"transfer-encoding": "X-Crawler-Transfer-Encoding"}
"""The stored body is out of its chunks; Common Crawl's name tells how it came."""


class Archive:
    """The pages of one run. Each is a ``response``, its ``request``, and ``metadata`` that say where it was found.

    Args:
        folder: where the finished file goes.
        working: where it grows until then, on the same disk.
        started: of the run, UTC; names the file.
        agent: who asks, as told to the servers.
    """

    def __init__(self, folder: Path, working: Path, started: datetime, agent: str):
        self._folder = folder
        self._partial = working / "run.warc.gz.partial"
        self._started = started
        self._agent = agent
        self._out: io.FileIO | None = None
        self._writing = io.BytesIO()
        self._writer: Any = WARCWriter(self._writing, gzip=True, warc_version="1.1")

    def add(self, answer: Answer, entry: Entry | None) -> None:
        """Store one page.

        Args:
            answer: as received.
            entry: what the feed says about it, or None for a page that was asked for by itself.

        Raises:
            OSError: the disk is full; what was stored before stays whole.
        """
        date = _instant(answer.asked_at)
        about: dict[str, str] = {"WARC-Date": date}
        if answer.address:
            about["WARC-IP-Address"] = answer.address
        listed = entry.published if entry is not None and not answer.states_date else None
        response = self._record(
            "response",
            answer.url,
            answer.body,
            about | ({"WARC-JSON-Metadata": json.dumps({"published_at": listed})} if listed else {}),
            StatusAndHeaders(
                f"{answer.status} {answer.phrase}",
                [(_UNCHUNKED.get(name.lower(), name), value) for name, value in answer.headers],
                protocol=answer.version,
            ),
        )
        of = about | {"WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
        target = answer.url.partition("://")[2].partition("/")[2]
        sent = StatusAndHeaders(f"GET /{target} HTTP/1.1", list(answer.request), is_http_request=True)
        request = self._record("request", answer.url, b"", of, sent)
        facts = [("redirectedFrom", url) for url in answer.redirects]
        if entry is not None:
            facts += [("via", entry.via or ""), ("title", entry.title), ("published", entry.published or "")]
        fields = "".join(f"{name}: {value}\r\n" for name, value in facts if value)
        metadata = self._record("metadata", answer.url, fields.encode("utf-8", "replace"), of)
        if self._out is None:
            self._out = self._partial.open("wb", buffering=0)
            self._append(self._warcinfo())
        self._append(response, request, metadata)

    def close(self) -> Path | None:
        """Finish the file and put it into its folder; None where no page was stored."""
        if self._out is None:
            return None
        os.fsync(self._out.fileno())
        self._out.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        stem = f"fetch-{self._started:%Y%m%dT%H%M%SZ}"
        path, number = self._folder / f"{stem}.warc.gz", 1
        while path.exists():  # two runs within one second
            number += 1
            path = self._folder / f"{stem}-{number}.warc.gz"
        self._partial.chmod(0o444)
        self._partial.replace(path)
        return path

    def _append(self, *records: Any) -> None:
        """Write records, all or none of them."""
        assert self._out is not None
        for record in records:
            self._writer.write_record(record)
        data = memoryview(self._writing.getvalue())
        self._writing.seek(0)
        self._writing.truncate()
        whole = self._out.tell()
        try:
            while data:
                data = data[self._out.write(data) :]
        except OSError:
            self._out.seek(whole)
            self._out.truncate()
            raise

    def _warcinfo(self) -> Any:
        info = {"software": self._agent, "format": "WARC File Format 1.1", "robots": "obey"}
        text = "".join(f"{name}: {value}\r\n" for name, value in info.items())
        return self._record("warcinfo", "", text.encode(), {"WARC-Date": _instant(self._started)})

    def _record(self, kind: str, url: str, payload: bytes, about: dict[str, str], http: Any = None) -> Any:
        """One record; its id follows from what it is, so that the same answer gives the same bytes."""
        name = "\0".join((kind, url, about["WARC-Date"], self._agent))
        named = {"WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"}
        return self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(payload),
            length=len(payload),
            warc_headers_dict=named | about,
            http_headers=http,
        )


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
