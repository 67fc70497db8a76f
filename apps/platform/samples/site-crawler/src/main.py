"""Follows links from the start URLs and stores one row for each page."""

from typing import Any

import soupsieve
from apify import Actor
from apify.request_loaders import ApifyRequestList
from crawlee import ConcurrencySettings, Glob, Request
from crawlee.crawlers import (
    BasicCrawlingContext,
    BeautifulSoupCrawler,
    BeautifulSoupCrawlingContext,
)

TEXT_LENGTH = 2000


async def main() -> None:
    async with Actor:
        given = await Actor.get_input() or {}
        most = given.get("maxPages", 50)
        fields = [each for each in given.get("fields") or [] if each.get("value")]
        done = 0
        failed: list[str] = []
        crawler = BeautifulSoupCrawler(
            max_requests_per_crawl=most,
            max_crawl_depth=given.get("maxDepth", 3),
            max_request_retries=given.get("maxRetries", 1),
            respect_robots_txt_file=given.get("respectRobotsTxt", False),
            concurrency_settings=ConcurrencySettings(
                desired_concurrency=min(5, given.get("maxConcurrency", 10)),
                max_concurrency=given.get("maxConcurrency", 10),
            ),
        )

        @crawler.router.default_handler
        async def visit(context: BeautifulSoupCrawlingContext) -> None:
            nonlocal done
            if done >= most:  # those that were on their way when the last one came
                return
            done += 1
            row = row_of(context, fields)
            await context.push_data(row)
            context.log.info(f"{context.request.url} {len(row['links'])} links")
            await context.enqueue_links(
                strategy="same-origin",
                include=[Glob(each["glob"]) for each in given.get("includeGlobs") or []] or None,
                exclude=[Glob(each["glob"]) for each in given.get("excludeGlobs") or []] or None,
            )
            if done % 5 == 0 or done == 1:
                await Actor.set_status_message(f"Crawled {pages(done)} of at most {most}")

        @crawler.failed_request_handler
        async def give_up(context: BasicCrawlingContext, error: Exception) -> None:
            failed.append(f"{context.request.url}: {reason(error)}")

        await check(fields)
        await crawler.run(await starts_of(given.get("startUrls") or []))
        if failed and not done:
            await Actor.fail(status_message=f"No page could be read. {failed[0]}")
        missed = f", {pages(len(failed))} failed" if failed else ""
        await Actor.set_status_message(f"Crawled {pages(done)}{missed}", is_terminal=True)


def row_of(context: BeautifulSoupCrawlingContext, fields: list[dict[str, str]]) -> dict[str, Any]:
    page = context.soup
    row = {
        "url": context.request.url,
        "loadedUrl": context.request.loaded_url,
        "depth": context.request.crawl_depth,
        "title": page.title.get_text(strip=True) if page.title else None,
        "text": page.get_text(" ", strip=True)[:TEXT_LENGTH],
        "links": [link["href"] for link in page.select("a[href]")],
    }
    for field in fields:
        found = page.select_one(field["value"])
        row[field["key"]] = found.get_text(" ", strip=True) if found else None
    return row


async def starts_of(sources: list[dict[str, Any]]) -> list[Request]:
    """The pages to begin with; a source may be the address of a list of them."""
    try:
        listed = await ApifyRequestList.open(request_list_sources_input=sources)
    except Exception as problem:
        sentence = f"A list of URLs could not be read: {reason(problem)}"
        await Actor.fail(status_message=sentence)
    starts = []
    while found := await listed.fetch_next_request():
        starts.append(found)
    if not starts:
        await Actor.fail(status_message="There is no URL to start from")
    return starts


async def check(fields: list[dict[str, str]]) -> None:
    for field in fields:
        try:
            soupsieve.compile(field["value"])
        except soupsieve.SelectorSyntaxError:
            sentence = f"{field['value']} is no CSS selector (field {field['key']})"
            await Actor.fail(status_message=sentence)


def reason(problem: BaseException) -> str:
    """The first line of what went wrong."""
    while isinstance(problem, BaseExceptionGroup):
        problem = problem.exceptions[0]
    return (str(problem).splitlines() or [type(problem).__name__])[0][:300]


def pages(number: int) -> str:
    return f"{number} page" if number == 1 else f"{number} pages"
