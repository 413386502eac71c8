"""Tests in a browser wait for what they have begun: none reads a page right after an action."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).parent / "browser").glob("*.py"))
ACTIONS = re.compile(
    "check|click|dblclick|dispatch_event|down|emulate_media|fill|focus|go_back|hover|move|press"
    "|reload|scroll_into_view_if_needed|select_option|send|set_viewport_size|tap|type|uncheck|up|wheel"
)
READS = re.compile(
    "all|all_inner_texts|all_text_contents|bounding_box|content|count|eval_on_selector"
    "|eval_on_selector_all|evaluate|get_attribute|inner_html|inner_text|input_value|is_checked"
    "|is_hidden|is_visible|query_selector|query_selector_all|screenshot|text_content"
)
WAITS = re.compile("becomes|expect|expect_download|settled|until|wait_for_selector")


def root_of(node):
    """Return the name that a chain of attributes, calls and items begins with."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return getattr(node, "id", "")


def name_of(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def calls_in(node):
    """Yield the calls below a node in the order in which they run, except those that are left for later."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.Lambda | ast.stmt):
            yield from calls_in(child)
    if isinstance(node, ast.Call):
        yield node


class Reader:
    """Follow a test line by line, and note what it reads of a page with no wait after the last action."""

    def __init__(self, module):
        self.helpers = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
        named = [node for node in module.body if isinstance(node, ast.Assign)]
        self.constants = {node.targets[0].id: node.value for node in named}
        self.pages, self.restless, self.found = {"page", "frame"}, False, []

    def follow(self, lines):
        for line in lines:
            if not isinstance(line, ast.FunctionDef):
                self.learn(line)
                self.run(line)

    def run(self, line):
        """Run a line, and those inside it: twice in a loop, where the first follows on the last."""
        for _ in range(2 if isinstance(line, ast.For | ast.While) else 1):
            self.note_all(line)
            self.follow(part for part in ast.iter_child_nodes(line) if isinstance(part, ast.stmt))
        if isinstance(line, ast.With):  # a download is waited for where its block ends
            self.note_all(line)

    def note_all(self, line):
        for call in calls_in(line):
            bare = isinstance(line, ast.Expr) and line.value is call
            self.note(
                call,
                acts=ACTIONS.fullmatch(name_of(call)) is not None or (bare and name_of(call) == "evaluate"),
            )

    def learn(self, line):
        """Remember the names of what comes from a page: locators, and what is found in a loop."""
        source = getattr(line, "iter", getattr(line, "value", None)) or ast.Pass()
        if self.pages & {node.id for node in ast.walk(source) if isinstance(node, ast.Name)}:
            targets = [getattr(line, "target", None), *getattr(line, "targets", [])]
            named = [node for target in filter(None, targets) for node in ast.walk(target)]
            self.pages |= {node.id for node in named if isinstance(node, ast.Name)}

    def note(self, call, *, acts):
        name, ours = name_of(call), root_of(call.func) in self.pages
        if isinstance(call.func, ast.Name) and name in self.helpers:
            self.follow(self.helpers[name].body)
        elif WAITS.fullmatch(name) or self.is_promise(call):
            self.restless = False
        elif ours and acts:
            self.restless = True
        elif ours and READS.fullmatch(name) and self.restless:
            self.found.append(f"line {call.lineno}: {name}")

    def is_promise(self, call):
        """Say whether a page answers only once something has come to pass in it."""
        words = call.args[0] if name_of(call) == "evaluate" and call.args else None
        words = self.constants.get(getattr(words, "id", ""), words)
        return "Promise" in str(getattr(words, "value", ""))


def hasty_reads(text):
    """Return what the tests of a file read of a page after an action, with no wait between the two."""
    module, found = ast.parse(text), []
    for test in module.body:
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            reader = Reader(module)
            reader.follow(test.body)
            found += reader.found
    return sorted(set(found))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_test_reads_a_page_right_after_an_action(path):
    assert hasty_reads(path.read_text(encoding="utf-8")) == []


HASTY = {
    "assert page.inner_text('p') == ''": "inner_text",
    "heads = page.locator('th')\n    assert heads.all_inner_texts() == []": "all_inner_texts",
    "assert page.evaluate('scrollY') == 0": "evaluate",
    "for head in page.locator('th').all():\n        head.click()": "all",
    "assert words(page) == ''": "text_content",
}
PATIENT = (
    "expect(page.locator('p')).to_have_text('')\n    assert page.inner_text('p') == ''",
    "becomes(page, lambda: page.inner_text('p'), '')",
    "until(page, 'scrollY > 0')\n    assert page.evaluate('scrollY') > 0",
    "assert page.evaluate('() => new Promise(setTimeout)') is None",
    "with page.expect_download() as waiting:\n        page.click('a')\n    assert page.inner_text('p') == ''",
)
HELPER = "def words(page):\n    return page.text_content('p')\n\n"


@pytest.mark.parametrize(
    "action", ["page.locator('a').click()", "page.keyboard.press('a')", "page.evaluate('f()')"]
)
def test_hasty_reads_are_found_and_patient_ones_are_not(action):
    test = f"{HELPER}def test_it(page):\n    {action}\n    {{}}\n"
    for lines, read in HASTY.items():
        assert hasty_reads(test.format(lines))[-1].endswith(read)
    for lines in PATIENT:
        assert hasty_reads(test.format(lines)) == []
