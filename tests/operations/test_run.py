"""./run: from the tree as it was cloned, with an environment that is there already."""

from pathlib import Path

from tests.operations.processes import ROOT, Browser, free_port, serving


def test_run_serves_the_demonstration_site_and_prints_who_can_sign_in(tmp_path: Path) -> None:
    port = free_port()
    command = (ROOT / "run", "--port", str(port), "--instance", tmp_path / "second")
    with serving(*command, port=port, log=tmp_path / "log", seconds=90, LANG="en_US.UTF-8") as server:
        printed = (tmp_path / "log").read_text()
        assert f"http://127.0.0.1:{port}" in printed
        for code in ("QT01", "AT01", "CN01", "CN03"):
            assert code in printed
        assert Browser(server.url).sign_in("CN03", "246813").status == 302
        assert (tmp_path / "second" / "vean.db").exists()
        assert server.stop(10) == 0
