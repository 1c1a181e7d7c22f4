"""What a reader does with a page: sorts, filters, points, goes by keys, changes the theme, folds, follows links."""

import csv

from pages import PageTest, main_sweep

POINTS = "[...document.querySelectorAll('table')].find((table) => table.tHead.textContent.includes('rank'))"


def column(page, title):
    """The cells of a column of the table of points."""
    return page.value(
        f"""(() => {{
            const table = {POINTS};
            const place = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === "{title}");
            return [...table.tBodies[0].rows].map((row) => row.cells[place].textContent);
        }})()"""
    )


def sort_by(page, title):
    """Clicks on a heading of the table of points; says how it is sorted then."""
    page.value(
        f"""[...{POINTS}.querySelectorAll("th button")].find((button) => button.textContent === "{title}")
            .setAttribute("data-wanted", "")"""
    )
    page.click("[data-wanted]")
    return page.value(
        """(() => {
            const button = document.querySelector("[data-wanted]");
            button.removeAttribute("data-wanted");
            return button.closest("th").getAttribute("aria-sort");
        })()"""
    )


def leading_number(cell):
    return float(cell.split(" ")[0].replace(",", ""))


class Sorting(PageTest):
    def test_numbers_sort_by_value_and_twice_the_other_way(self):
        page = self.open(main_sweep)
        for title in ["steps", "test loss", "rank", "batch_size"]:
            before = column(page, title)
            rising = sorted(before, key=leading_number)
            self.assertEqual(sort_by(page, title), "ascending")
            self.assertEqual(list(map(leading_number, column(page, title))), list(map(leading_number, rising)), title)
            self.assertEqual(sort_by(page, title), "descending")
            falling = list(map(leading_number, reversed(rising)))
            self.assertEqual(list(map(leading_number, column(page, title))), falling, title)

    def test_words_sort_by_letter(self):
        page = self.open(main_sweep)
        before = column(page, "schedule")
        self.assertNotEqual(before, sorted(before))
        self.assertEqual(sort_by(page, "schedule"), "ascending")
        self.assertEqual(column(page, "schedule"), sorted(before))

    def test_one_column_is_sorted_at_a_time_and_rows_stay_whole(self):
        page = self.open(main_sweep)
        rows = f"[...{POINTS}.tBodies[0].rows].map((row) => row.textContent)"
        before = page.value(rows)
        sort_by(page, "steps")
        sort_by(page, "schedule")
        self.assertEqual(page.value(f"{POINTS}.querySelectorAll('[aria-sort]').length"), 1)
        self.assertEqual(sorted(page.value(rows)), sorted(before))


class Filter(PageTest):
    COUNTS = """[...document.querySelectorAll("[data-point],[data-level]")].map((element) =>
        [element.dataset.point ?? null, element.dataset.level ?? null, getComputedStyle(element).display === "none"])"""

    def levels(self):
        with open(main_sweep().parent / "summary.csv", newline="") as file:
            return list(csv.DictReader(file))

    def hide(self, page, label):
        page.value("document.getElementById('filter').open = true")
        place = page.value(
            f"""[...document.querySelectorAll("#filter label")].find((label) => label.textContent === "{label}")
                .querySelector("input").dataset.filter"""
        )
        page.click(f"[data-filter='{place}']")
        return place

    def assert_hides_exactly(self, page, axis, label, place):
        points = self.levels()
        seen = set()
        for point, level, is_hidden in page.value(self.COUNTS):
            if point is not None:
                self.assertEqual(is_hidden, points[int(point)][axis] == label, point)
            else:
                self.assertEqual(is_hidden, level == place, level)
            seen.add(is_hidden)
        self.assertEqual(seen, {True, False})

    def test_other_levels_are_hidden_and_show_all_brings_them_back(self):
        page = self.open(main_sweep)
        place = self.hide(page, "wide_deep")
        self.assert_hides_exactly(page, "architecture", "wide_deep", place)
        self.assertEqual(page.value("document.querySelector('#filter [role=status]').textContent"), "72 of 96 points shown")
        page.click("#show-all")
        self.assertFalse(any(is_hidden for _, _, is_hidden in page.value(self.COUNTS)))
        self.assertEqual(page.value("document.querySelector('#filter [role=status]').textContent"), "96 of 96 points shown")
        self.assertTrue(page.value("[...document.querySelectorAll('#filter input')].every((box) => box.checked)"))

    def test_the_address_keeps_the_choice(self):
        page = self.open(main_sweep)
        place = self.hide(page, "cosine")
        address = page.value("location.hash")
        self.assertEqual(address, f"#hide={place}")
        again = self.open(main_sweep, fragment=address)
        self.assert_hides_exactly(again, "schedule", "cosine", place)

    def test_an_address_that_names_no_level_hides_nothing(self):
        for fragment in ["#hide=99:99", "#hide=-1:x", "#hide=", "#%E0%A4%A", "#<img>"]:
            page = self.open(main_sweep, fragment=fragment)
            self.assertFalse(any(is_hidden for _, _, is_hidden in page.value(self.COUNTS)))


class Pointing(PageTest):
    TIP = "(({ hidden, textContent }) => hidden ? null : textContent)(document.getElementById('tip'))"

    def test_a_mark_says_its_words_where_one_points(self):
        page = self.open(main_sweep)
        page.point_at("#axis-0-architecture .mark circle")
        self.assertRegex(page.value(self.TIP), r"^baseline, replicate 0: 0\.\d+$")
        self.assertTrue(
            page.value(
                """(() => { const box = document.getElementById("tip").getBoundingClientRect();
                    return box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight; })()"""
            )
        )
        page.key("Escape")
        self.assertIsNone(page.value(self.TIP))
        page.point_at("#axis-0-architecture .mark circle")
        page.point_at("h1")
        self.assertIsNone(page.value(self.TIP))

    def test_arrow_keys_walk_through_the_marks_of_a_picture(self):
        page = self.open(main_sweep)
        page.value("document.querySelector('#axis-0-architecture .drawing').focus()")
        said = []
        for _ in range(3):
            page.key("ArrowRight")
            said.append(page.value(self.TIP))
        self.assertEqual([words.partition(":")[0] for words in said], [f"baseline, replicate {r}" for r in range(3)])
        page.key("ArrowLeft")
        self.assertEqual(page.value(self.TIP), said[1])
        page.key("Escape")
        self.assertIsNone(page.value(self.TIP))

    def test_every_mark_of_every_picture_says_something(self):
        page = self.open(main_sweep)
        silent = page.value("[...document.querySelectorAll('.mark')].filter((mark) => !mark.dataset.tip).length")
        self.assertEqual(silent, 0)


class Themes(PageTest):
    PAPER = "getComputedStyle(document.body).backgroundColor"

    def test_the_button_changes_the_theme_and_back(self):
        for dark in [False, True]:
            page = self.open(main_sweep, dark=dark)
            before = page.value(self.PAPER)
            self.assertEqual(page.value("document.getElementById('theme').textContent"), "Light page" if dark else "Dark page")
            page.click("#theme")
            self.assertNotEqual(page.value(self.PAPER), before)
            page.click("#theme")
            self.assertEqual(page.value(self.PAPER), before)

    def test_the_reader_s_scheme_is_followed(self):
        light, dark = self.open(main_sweep), self.open(main_sweep, dark=True)
        self.assertNotEqual(light.value(self.PAPER), dark.value(self.PAPER))


class Finding(PageTest):
    def test_a_heading_folds_its_section(self):
        page = self.open(main_sweep)
        content = "document.querySelector('#the-ten-best-points table').checkVisibility()"
        self.assertTrue(page.value(content))
        page.click("#the-ten-best-points h2 button")
        self.assertFalse(page.value(content))
        self.assertEqual(page.value("document.querySelector('#the-ten-best-points h2 button').ariaExpanded"), "false")
        # Folding moves the page under the pointer, so the link is followed without one.
        page.value("document.querySelector(\"nav a[href='#the-ten-best-points']\").click()")
        self.assertTrue(page.wait_until(content), "a link opens what it leads to")

    def test_the_contents_say_where_the_reader_is(self):
        page = self.open(main_sweep)
        page.value("document.getElementById('how-this-was-computed').scrollIntoView({ behavior: 'instant' })")
        self.assertTrue(page.wait_until("document.querySelector('nav [aria-current]')?.hash === '#how-this-was-computed'"))


class Curves(PageTest):
    DRAWN = "document.querySelector('.cursor svg').viewBox.baseVal.width"

    def test_the_drawing_of_curves_follows_the_width_of_the_page(self):
        page = self.open(main_sweep, width=380, height=800)
        page.click("#how-training-went h2 button")
        self.assertTrue(page.wait_until(f"{self.DRAWN} < 380"))
        page.resize(1280, 900)
        self.assertTrue(page.wait_until(f"{self.DRAWN} > 800"))

    def test_another_point_can_be_laid_over_the_best_one(self):
        page = self.open(main_sweep)
        lines = "document.querySelectorAll('.explorer fieldset').length"
        self.assertEqual(page.value(lines), 1)
        page.click(".explorer .tools button")
        self.assertEqual(page.value(lines), 2)
        self.assertEqual(page.value("document.querySelectorAll('.explorer tbody tr').length"), 2)

    def test_a_rank_leads_to_the_curves_of_its_point(self):
        page = self.open(main_sweep)
        page.value(f"{POINTS}.tBodies[0].rows[3].querySelector('button').setAttribute('id', 'fourth')")
        page.click("#fourth")
        chosen = "[...document.querySelectorAll('.explorer select')].map((select) => select.selectedOptions[0].textContent)"
        row = f"[...{POINTS}.tBodies[0].rows[3].cells].map((cell) => cell.textContent)"
        self.assertEqual(page.value(chosen), page.value(row)[1:5])


class Brushes(PageTest):
    def test_lines_through_other_levels_fade_and_escape_brings_them_back(self):
        page = self.open(main_sweep)
        faded = "document.querySelectorAll('#parallel .mark[data-faded]').length"
        page.value(
            """(() => { const select = document.querySelector("[name=brush-0]");
                select.value = [...select.options].find(({ textContent }) => textContent === "wide").value;
                select.dispatchEvent(new Event("change")); })()"""
        )
        self.assertEqual(page.value(faded), 72)
        page.key("Escape")
        self.assertEqual(page.value(faded), 0)
