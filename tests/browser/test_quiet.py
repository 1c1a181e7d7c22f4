"""A page runs its own script and nothing else, and asks for nothing but itself."""

from devtools import Page
from pages import BOTH, PageTest, browser, folder, hostile_names, main_sweep

# What the template, its pictures and its script make.
ELEMENTS = set(
    """html head meta title style body a header div h1 h2 h3 h4 p nav ol ul li main section dl dt dd small figure figcaption
    strong details summary table thead tbody tr th td script svg desc g text tspan circle rect line path polygon polyline defs
    button fieldset legend label input select option span""".split()
)

USED = """(() => {
    const all = [...document.querySelectorAll("*")];
    const attributes = all.flatMap((element) => [...element.attributes]);
    return {
        elements: [...new Set(all.map((element) => element.localName))],
        attributes: [...new Set(attributes.map(({ name }) => name))],
        links: [...new Set(attributes.filter(({ name }) => name === "href").map(({ value }) => value))],
    };
})()"""



class Quiet(PageTest):
    def test_a_page_opens_without_errors_violations_or_requests(self):
        for name, made in BOTH.items():
            for dark in [False, True]:
                with self.subTest(name, dark=dark):
                    page = self.open(made, dark=dark)
                    self.assertGreater(page.value("document.querySelectorAll('.table th button').length"), 10)

    def assert_is_the_template_s_own(self, page):
        used = page.value(USED)
        self.assertEqual(set(used["elements"]) - ELEMENTS, set())
        fetching = {"src", "srcset", "srcdoc", "action", "formaction", "ping", "data", "xlink:href"}
        self.assertEqual([name for name in used["attributes"] if name.startswith("on") or name in fetching], [])
        self.assertEqual([link for link in used["links"] if not link.startswith("#")], [])

    def test_no_name_becomes_an_element_or_an_attribute(self):
        for name, made in BOTH.items():
            with self.subTest(name):
                self.assert_is_the_template_s_own(self.open(made))

    def test_hostile_names_are_shown_as_they_are(self):
        page = self.open(hostile_names)
        shown = page.value("[...document.querySelectorAll('h3')].map((heading) => heading.textContent)")
        for name in ["<script>alert(1)</script>", "{{7*7}}", "&lt;script&gt;alert(1)&lt;/script&gt;", "]]>"]:
            self.assertIn(name, shown)
        self.assertGreater(len(shown), 200)

    def test_all_that_can_be_used_can_be_used_with_hostile_names(self):
        page = self.open(hostile_names)
        page.value("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
        page.value("document.querySelectorAll('button').forEach((button) => button.click())")
        # A browser slows a page that changes its address hundreds of times at once.
        page.value("[...document.querySelectorAll('#filter input')].slice(0, 50).forEach((box) => box.click())")
        page.value(
            """document.querySelectorAll('.mark').forEach((mark) => mark.dispatchEvent(
                new PointerEvent('pointermove', { bubbles: true, pointerType: 'mouse' })))"""
        )
        self.assert_is_the_template_s_own(page)

    def test_the_policy_stops_what_would_be_added_to_the_page(self):
        text = main_sweep().read_text().replace("</main>", "<img src=x onerror=alert(1)><script>alert(2)</script></main>")
        changed = folder() / "changed.html"
        changed.write_text(text)
        with Page(browser(), changed) as page:
            complaints = page.complaints()
        self.assertTrue(any("ContentSecurityPolicy" in complaint for complaint in complaints), complaints)
        self.assertFalse(any("javascriptDialog" in complaint for complaint in complaints), complaints)
