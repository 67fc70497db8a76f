"""Follows links from the start URLs and stores one row for each page."""

from apify import Actor
from crawlee import ConcurrencySettings, Glob
from crawlee.crawlers import BeautifulSoupCrawler, BeautifulSoupCrawlingContext

TEXT_LENGTH = 2000


async def main() -> None:
    async with Actor:
        given = await Actor.get_input() or {}
        most = given.get("maxPages", 50)
        done = 0
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
            page = context.soup
            links = [link["href"] for link in page.select("a[href]")]
            row = {
                "url": context.request.url,
                "loadedUrl": context.request.loaded_url,
                "depth": context.request.crawl_depth,
                "title": page.title.get_text(strip=True) if page.title else None,
                "text": page.get_text(" ", strip=True)[:TEXT_LENGTH],
                "links": links,
            }
            for field in given.get("fields") or []:
                found = page.select_one(field["value"])
                row[field["key"]] = found.get_text(" ", strip=True) if found else None
            await context.push_data(row)
            context.log.info(f"{context.request.url} {len(links)} links")
            await context.enqueue_links(
                strategy="same-origin",
                include=[Glob(each["glob"]) for each in given.get("includeGlobs") or []] or None,
                exclude=[Glob(each["glob"]) for each in given.get("excludeGlobs") or []] or None,
            )
            if done % 5 == 0 or done == 1:
                await Actor.set_status_message(f"Crawled {done} pages of at most {most}")

        starts = [each["url"] for each in given.get("startUrls") or []]
        if not starts:
            await Actor.fail(status_message="No start URL was given")
        await crawler.run(starts)
        await Actor.set_status_message(f"Crawled {done} pages", is_terminal=True)
