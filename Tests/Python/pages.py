"""Opens the pages of a running server in a headless Chromium and checks what a person would see.

Usage: pages.py BASE_URL [--screenshots DIR] [--seconds N]

The server needs open pages, at least one site, a worker and a provider (`pressroom demo` or `pressroom serve` with the
sandbox). Needs Chromium, chromedriver and the Python package selenium. Ends with status 0 when everything holds.
"""

import argparse
import os
import sys
import time
import uuid

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait


def browser(scripts=True):
    options = Options()
    options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver")), options=options)


class Check:
    def __init__(self, base, folder, seconds):
        self.base, self.folder, self.seconds = base.rstrip("/"), folder, seconds
        self.failures = []
        self.driver = browser()

    def expect(self, holds, claim):
        print(("ok    " if holds else "FAILS ") + claim, flush=True)
        if not holds:
            self.failures.append(claim)

    def until(self, condition, claim, seconds=None):
        def holds(driver):
            try:
                return condition(driver)
            except StaleElementReferenceException:
                return False

        try:
            WebDriverWait(self.driver, seconds or self.seconds, poll_frequency=0.1).until(holds)
            self.expect(True, claim)
            return True
        except TimeoutException:
            self.shot("failed-" + str(len(self.failures)))
            self.expect(False, claim)
            return False

    def open(self, path):
        self.driver.get(self.base + path)

    def size(self, width, height, dark=False):
        command = self.driver.execute_cdp_cmd
        command("Emulation.setDeviceMetricsOverride",
                {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        command("Emulation.setEmulatedMedia",
                {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def shot(self, name):
        if self.folder:
            os.makedirs(self.folder, exist_ok=True)
            self.driver.save_screenshot(os.path.join(self.folder, name + ".png"))

    def shots(self, name):
        for label, width, height, dark in (("desktop", 1280, 900, False), ("dark", 1280, 900, True), ("phone", 390, 844, False)):
            self.size(width, height, dark)
            time.sleep(0.3)
            self.shot(f"{name}-{label}")
            overflow = self.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
            self.expect(overflow <= 0, f"{name} fits the width of a {label} ({overflow} pixels over)")
        self.size(1280, 900)

    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def mark(self):
        self.driver.execute_script("window.stillTheSamePage = true")

    def is_marked(self):
        return self.driver.execute_script("return window.stillTheSamePage === true")

    def submit(self, driver, keyword):
        """Fills in the form for a new request and returns the address it led to."""
        driver.get(self.base + "/new")
        driver.find_element(By.ID, "sourceId").send_keys(keyword)
        Select(driver.find_element(By.ID, "autoSelect")).select_by_value("false")
        driver.find_element(By.CSS_SELECTOR, "form.request button").click()
        WebDriverWait(driver, 10).until(lambda d: "/generations/" in d.current_url)
        return driver.current_url.split("?")[0]

    # The claims

    def list_is_live(self):
        self.open("/")
        self.shots("list")
        self.until(lambda d: d.execute_script("return document.body.dataset.connection") == "live", "the list says it is live", 10)
        self.mark()
        keyword = "oak bench " + uuid.uuid4().hex[:6]
        second = browser()
        try:
            address = self.submit(second, keyword)
        finally:
            second.quit()
        self.until(lambda d: keyword in self.text(), "a request made elsewhere appears in the list by itself", 10)
        self.expect(self.is_marked(), "the list was not reloaded for it")
        return address

    def generation_goes_its_way(self, address):
        self.driver.get(address)
        self.mark()
        self.until(lambda d: d.find_elements(By.CSS_SELECTOR, ".idea form"), "five ideas appear on its page by themselves")
        self.expect(self.is_marked(), "the page was not reloaded for them")
        self.expect(len(self.driver.find_elements(By.CSS_SELECTOR, ".idea")) == 5, "there are five ideas")
        self.shots("ideas")
        field = self.driver.find_elements(By.CSS_SELECTOR, ".idea input[name=title]")[1]
        field.clear()
        field.send_keys("A bench of my own choosing")
        time.sleep(2)
        self.expect(field.get_attribute("value") == "A bench of my own choosing", "what is typed survives a refresh")
        self.driver.find_elements(By.CSS_SELECTOR, ".idea form button")[1].click()
        self.until(lambda d: "Your choice is stored" in self.text(), "the choice is confirmed", 10)
        self.mark()
        self.until(lambda d: d.find_elements(By.CSS_SELECTOR, ".panel.done"), "it is finished in the end")
        self.expect(self.is_marked(), "the page was not reloaded until then")
        time.sleep(1.5)
        self.expect(bool(self.driver.find_elements(By.CSS_SELECTOR, ".prose p")), "the article can be read on the page")
        self.shots("finished")
        loaded = self.driver.execute_script(
            "return [...document.querySelectorAll('.article img')].every(i => i.complete && i.naturalWidth > 0)")
        self.expect(loaded, "its picture is shown")

    def article_opens(self):
        links = self.driver.find_elements(By.LINK_TEXT, "Read the article")
        self.expect(bool(links), "there is a link to the article")
        if not links:
            return
        links[0].click()
        self.until(lambda d: d.find_elements(By.TAG_NAME, "h1"), "the published article opens", 10)
        self.shots("article")

    def nothing_from_elsewhere(self):
        self.open("/")
        names = self.driver.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        strangers = [name for name in names if not name.startswith(self.base)]
        self.expect(not strangers, f"nothing is loaded from elsewhere {strangers or ''}")
        complaints = [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
        self.expect(not complaints, f"the console is quiet {complaints or ''}")

    def says(self, driver, words):
        """Whether the page comes to say this; between two pages there is no body."""
        try:
            WebDriverWait(driver, self.seconds, poll_frequency=0.1,
                          ignored_exceptions=(NoSuchElementException, StaleElementReferenceException)).until(
                lambda d: words in d.find_element(By.TAG_NAME, "body").text)
            return True
        except TimeoutException:
            return False

    def works_without_scripts(self):
        plain = browser(scripts=False)
        try:
            plain.get(self.base + "/")
            self.expect(bool(plain.find_elements(By.CSS_SELECTOR, ".row")), "the list can be read without scripts")
            address = self.submit(plain, "plain bread " + uuid.uuid4().hex[:6])
            end = time.time() + self.seconds
            while time.time() < end and not plain.find_elements(By.CSS_SELECTOR, ".idea form"):
                time.sleep(0.5)
                plain.get(address)
            buttons = plain.find_elements(By.CSS_SELECTOR, ".idea form button")
            self.expect(bool(buttons), "ideas can be seen without scripts")
            if buttons:
                buttons[0].click()
                self.expect(self.says(plain, "Your choice is stored"), "an idea can be picked without scripts")
        finally:
            plain.quit()

    def run(self):
        try:
            self.size(1280, 900)
            address = self.list_is_live()
            self.generation_goes_its_way(address)
            self.article_opens()
            self.nothing_from_elsewhere()
            self.shots("list-later")
            self.open("/new")
            self.shots("new")
            self.open("/nowhere")
            self.expect("nothing at this address" in self.text(), "a wrong address is answered with a page")
            self.driver.get_log("browser")  # The 404 itself is noted there.
            self.works_without_scripts()
        finally:
            self.driver.quit()
        return self.failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("base")
    parser.add_argument("--screenshots", metavar="DIR")
    parser.add_argument("--seconds", type=float, default=90, help="how long a stage may take")
    arguments = parser.parse_args()
    failures = Check(arguments.base, arguments.screenshots, arguments.seconds).run()
    if failures:
        print(f"{len(failures)} of the claims do not hold:", *failures, sep="\n  ")
        return 1
    print("All claims hold.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
