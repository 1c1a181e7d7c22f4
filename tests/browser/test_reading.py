"""A page can be read without script, on paper, on a phone, and by a screen reader."""

from pages import BOTH, PageTest, folder, main_sweep

# What the file itself holds: the script adds the explorer of learning curves.
OWN = """(selector) => [...document.querySelectorAll(selector)].filter((element) => !element.closest(".explorer"))"""

VISIBLE = f"""({OWN})("main section, main figure, main table, main svg, main li, main tr")
    .map((element) => element.checkVisibility())"""


class WithoutScript(PageTest):
    def test_every_section_picture_and_table_is_there_without_script(self):
        scripted = self.open(main_sweep)
        counts = f"['section', 'svg', 'table', 'tr', 'li'].map((name) => ({OWN})('main ' + name).length)"
        # A tab whose scripts are off still answers what the tests ask.
        page = self.open(main_sweep, scripts=False)
        self.assertEqual(page.value("document.querySelectorAll('button, #filter').length"), 0)
        self.assertEqual(page.value(counts), scripted.value(counts))
        page.value("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
        self.assertEqual(set(page.value(VISIBLE)), {True})


class Paper(PageTest):
    def test_paper_has_no_tools_and_all_the_rest(self):
        page = self.open(main_sweep, fragment="#hide=0:1,1:0")
        page.click("#what-it-cost h2 button")
        page.emulate("print", dark=True)
        tools = "[...document.querySelectorAll('.tools, .filter, nav, .skip, #tip')].map((tool) => tool.checkVisibility())"
        self.assertEqual(set(page.value(tools)), {False})
        page.value("dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(set(page.value(VISIBLE)), {True})
        self.assertEqual(page.value("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        page.value("dispatchEvent(new Event('afterprint'))")
        self.assertEqual(page.value("document.querySelectorAll('main details[open]').length"), 0)

    def test_no_table_is_wider_than_the_paper(self):
        # A4 without its margins, at 96 dots an inch.
        page = self.open(main_sweep, width=702, height=1000)
        page.emulate("print")
        page.value("dispatchEvent(new Event('beforeprint'))")
        too_wide = page.value(
            """[...document.querySelectorAll("main table, main svg")].map((element) =>
                [element.getBoundingClientRect().right, element.textContent.slice(0, 200)]).filter(([right]) => right > 703)"""
        )
        self.assertEqual(too_wide, [])

    def test_the_page_becomes_a_pdf(self):
        page = self.open(main_sweep)
        page.pdf(folder() / "report.pdf")
        self.assertTrue((folder() / "report.pdf").read_bytes().startswith(b"%PDF-"))


class Phone(PageTest):
    def test_a_page_never_scrolls_sideways(self):
        for name, made in BOTH.items():
            page = self.open(made, width=320, height=800)
            page.value("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
            page.value("document.querySelectorAll('h2 [aria-expanded=false]').forEach((button) => button.click())")
            for width in [320, 380, 820, 1280]:
                for dark in [False, True]:
                    with self.subTest(name, width=width, dark=dark):
                        page.resize(width, 800)
                        page.emulate(dark=dark)
                        self.assertLessEqual(page.value("document.scrollingElement.scrollWidth"), width)

    def test_on_a_phone_the_answer_is_open_and_the_other_sections_are_headings(self):
        page = self.open(main_sweep, width=380, height=800)
        self.assertTrue(page.value("document.querySelector('#the-answer li').checkVisibility()"))
        others = "[...document.querySelectorAll('main > section:not(#the-answer) > :not(h2)')]"
        self.assertFalse(page.value(f"{others}.some((element) => element.checkVisibility())"))
        self.assertTrue(page.value("[...document.querySelectorAll('h2')].every((heading) => heading.checkVisibility())"))


class Structure(PageTest):
    def test_every_picture_has_a_title_a_description_and_a_table(self):
        # Pictures side by side show the same numbers, which one of them has behind it.
        for name, made in BOTH.items():
            page = self.open(made)
            pictures = page.value(
                f"""({OWN})("svg").map((svg) => ({{
                    role: svg.getAttribute("role"),
                    words: svg.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).textContent),
                    rows: (svg.closest(".row") ?? svg.closest("figure")).querySelectorAll("details tbody tr").length,
                }}))"""
            )
            self.assertTrue(pictures)
            for picture in pictures:
                with self.subTest(name, picture=picture):
                    self.assertEqual(picture["role"], "img")
                    self.assertEqual(len(picture["words"]), 2)
                    self.assertTrue(all(words.strip() for words in picture["words"]))
                    self.assertGreater(picture["rows"], 0)

    def test_ids_are_unique_and_labels_and_links_lead_to_one(self):
        for name, made in BOTH.items():
            page = self.open(made)
            ids = page.value("[...document.querySelectorAll('[id]')].map((element) => element.id)")
            self.assertEqual(len(ids), len(set(ids)), name)
            links = page.value("[...document.querySelectorAll('a')].map((link) => link.getAttribute('href').slice(1))")
            self.assertEqual([link for link in links if link not in ids], [], name)

    def test_headings_leave_no_level_out(self):
        for name, made in BOTH.items():
            page = self.open(made)
            levels = page.value("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(({ localName }) => Number(localName[1]))")
            self.assertEqual(levels.count(1), 1, name)
            for before, after in zip(levels, levels[1:]):
                self.assertLessEqual(after, before + 1, name)

    def test_every_table_has_headings_with_a_scope_and_whole_rows(self):
        for name, made in BOTH.items():
            page = self.open(made)
            self.assertTrue(page.value("[...document.querySelectorAll('th')].every((cell) => cell.scope === 'col')"), name)
            whole = """[...document.querySelectorAll("table")].every((table) =>
                [...table.rows].every((row) => row.cells.length === table.tHead.rows[0].cells.length))"""
            self.assertTrue(page.value(whole), name)

    def test_whatever_scrolls_can_be_scrolled_by_keys(self):
        page = self.open(main_sweep, width=380, height=800)
        self.assertTrue(page.value("[...document.querySelectorAll('.table, .drawing')].every((box) => box.tabIndex === 0)"))

    def test_every_control_has_a_name(self):
        page = self.open(main_sweep)
        names = page.value(
            """[...document.querySelectorAll("button, input, summary, [role=group]")].map((control) =>
                control.getAttribute("aria-label") ?? (control.closest("label") ?? control).textContent)"""
        )
        self.assertTrue(all(name.strip() for name in names))
