import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agencies.confined.process import PROJECT
from reports.renderer import Renderer, RenderError, RenderTimeout, assets, render_pdf
from reports.renderer.process import MAX_HTML
from tests.reports import pdf

HEAD = '<!DOCTYPE html><html lang="en-GB"><head><title>T</title></head><body>'
LONG = HEAD + "<p>word word word word</p>" * 20_000
MARK = "TOP-SECRET-MARK"


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    renderer = Renderer()
    yield renderer
    renderer.close()


def page(body: str) -> str:
    return f"{HEAD}{body}</body></html>"


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


class TestProcess:
    def test_html_goes_in_and_a_pdf_comes_out(self) -> None:
        document = render_pdf(page("<h1>Neglect</h1>"))
        assert document.startswith(b"%PDF-1.7")
        assert pdf.words(document) == "Neglect"

    def test_the_web_worker_never_imports_the_engine(self) -> None:
        assert (
            run(
                "import sys; from reports.renderer import render_pdf;"
                "pdf = render_pdf('<html lang=en-GB><title>T</title><p>x');"
                "print(pdf[:5], 'weasyprint' in sys.modules)"
            )
            == "b'%PDF-' False"
        )

    def test_one_process_serves_many_documents(self, renderer: Renderer) -> None:
        renderer.render(page("one"), timeout=60)
        first = renderer.pid
        renderer.render(page("two"), timeout=60)
        assert renderer.pid == first

    def test_a_process_is_renewed_after_so_many_documents(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("reports.renderer.process.PAGES_PER_PROCESS", 2)
        renderer = Renderer()
        pids = [renderer.pid for n in range(5) if renderer.render(page(str(n)), timeout=60)]
        renderer.close()
        assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]

    def test_threads_wait_their_turn_and_each_gets_its_own(self, renderer: Renderer) -> None:
        with ThreadPoolExecutor(4) as pool:
            replies = pool.map(lambda n: renderer.render(page(f"number-{n}"), timeout=60), range(8))
        assert [pdf.words(reply.body) for reply in replies] == [f"number-{n}" for n in range(8)]

    def test_too_slow_a_page_is_stopped_and_the_next_one_printed(self, renderer: Renderer) -> None:
        renderer.render(page("warm"), timeout=60)
        slow = renderer.pid
        with pytest.raises(RenderTimeout, match=r"longer than 0\.2 seconds"):
            renderer.render(LONG, timeout=0.2)
        assert pdf.words(renderer.render(page("next"), timeout=60).body) == "next"
        assert renderer.pid != slow

    def test_a_process_that_died_between_two_pages_is_replaced(self, renderer: Renderer) -> None:
        renderer.render(page("one"), timeout=60)
        kill(renderer)
        assert renderer.pid is not None
        os.waitid(os.P_PID, renderer.pid, os.WEXITED | os.WNOWAIT)
        assert pdf.words(renderer.render(page("two"), timeout=60).body) == "two"

    def test_a_process_that_dies_over_a_page_is_an_error(self, renderer: Renderer) -> None:
        renderer.render(page("warm"), timeout=60)
        killer = threading.Timer(0.3, kill, [renderer])
        killer.start()
        with pytest.raises(RenderError, match="stopped while it was printing"):
            renderer.render(LONG, timeout=60)
        killer.join()

    def test_a_fork_starts_a_process_of_its_own(self) -> None:
        assert (
            run(
                "import os\n"
                "from reports.renderer import render_pdf, renderer\n"
                "html = '<html lang=en-GB><title>T</title><p>x'\n"
                "render_pdf(html); mine = renderer.pid\n"
                "child = os.fork()\n"
                "if not child:\n"
                "    fresh = renderer.pid is None; render_pdf(html)\n"
                "    good = fresh and renderer.pid != mine; renderer.close()\n"
                "    os._exit(0 if good else 1)\n"
                "status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])\n"
                "print(status, len(render_pdf(html)) > 0, renderer.pid == mine)"
            )
            == "0 True True"
        )

    def test_an_overlong_page_is_refused_before_it_is_sent(self, renderer: Renderer) -> None:
        with pytest.raises(RenderError, match="too long to print"):
            renderer.render("x" * (MAX_HTML + 1), timeout=60)

    def test_huge_nesting_neither_hangs_nor_ends_the_service(self, renderer: Renderer) -> None:
        with pytest.raises(RenderError):
            renderer.render(page("<div>" * 4_000), timeout=60)
        assert pdf.words(renderer.render(page("next"), timeout=60).body) == "next"


def kill(renderer: Renderer) -> None:
    assert renderer.pid is not None
    os.kill(renderer.pid, signal.SIGKILL)


class TestConfinement:
    def test_the_process_knows_no_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MACA_SECRET_KEY", MARK)
        renderer = Renderer()
        renderer.render(page("x"), timeout=60)
        environment = Path(f"/proc/{renderer.pid}/environ").read_bytes()
        renderer.close()
        assert MARK.encode() not in environment
        assert b"PATH=" in environment

    def test_memory_is_limited_and_no_core_is_written(self, renderer: Renderer) -> None:
        renderer.render(page("x"), timeout=60)
        assert renderer.pid is not None
        assert resource.prlimit(renderer.pid, resource.RLIMIT_AS)[0] == 2 * 1024**3
        assert resource.prlimit(renderer.pid, resource.RLIMIT_CORE) == (0, 0)

    def test_closing_ends_the_process(self) -> None:
        renderer = Renderer()
        renderer.render(page("x"), timeout=60)
        pid = renderer.pid
        renderer.close()
        assert renderer.pid is None
        assert not Path(f"/proc/{pid}").exists()


class TestAssets:
    def test_only_named_files_have_an_address(self) -> None:
        assert assets.find("asset:print.css") == assets.STATIC / "css" / "print.css"
        for url in (
            "asset:../css/print.css",
            "asset:fonts.css",
            "asset:/etc/passwd",
            "print.css",
            "file:///etc/passwd",
            "data:text/css,x",
        ):
            assert assets.find(url) is None

    def test_every_named_file_is_there(self) -> None:
        assert all(path.is_file() for path in assets.FILES.values())
        assert len(assets.FONTS) == 12

    def test_the_style_sheet_asks_for_nothing_else(self, renderer: Renderer) -> None:
        reply = renderer.render(
            page('<link rel="stylesheet" href="asset:print.css"><h1>x</h1>'), timeout=60
        )
        assert reply.warnings == ()

    def test_a_missing_text_for_a_picture_is_complained_of(self, renderer: Renderer) -> None:
        reply = renderer.render(page('<img src="asset:none.png">'), timeout=60)
        assert any("Failed to load image" in line for line in reply.warnings)
