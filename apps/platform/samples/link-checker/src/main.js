// Reads pages of one site and tells which of their links lead nowhere.
import { Actor, log } from 'apify';
import * as cheerio from 'cheerio';

await Actor.init();
const { startUrl, maxPages = 50, timeoutSecs = 20 } = (await Actor.getInput()) ?? {};
if (!startUrl) await Actor.fail('No start URL was given');

const site = new URL(startUrl).origin;
const waiting = [{ url: new URL(startUrl).href, from: null }];
const known = new Set([waiting[0].url]);
let read = 0;
let broken = 0;

async function check({ url, from }) {
    const began = Date.now();
    try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutSecs * 1000) });
        const html = answer.headers.get('content-type')?.includes('html') ? await answer.text() : '';
        return { url, from, status: answer.status, ok: answer.ok, ms: Date.now() - began, html };
    } catch (problem) {
        return { url, from, status: null, ok: false, ms: Date.now() - began, html: '', error: problem.message };
    }
}

function follow(page) {
    const $ = cheerio.load(page.html);
    $('a[href]').each((_, link) => {
        const next = URL.parse?.($(link).attr('href'), page.url) ?? safeUrl($(link).attr('href'), page.url);
        if (!next || !next.protocol.startsWith('http')) return;
        next.hash = '';
        if (known.has(next.href)) return;
        known.add(next.href);
        waiting.push({ url: next.href, from: page.url });
    });
}

function said() {
    return `Checked ${read} ${read === 1 ? 'link' : 'links'}, ${broken} broken`;
}

function safeUrl(href, base) {
    try { return new URL(href, base); } catch { return null; }
}

while (waiting.length && read < maxPages) {
    const page = await check(waiting.shift());
    read += 1;
    if (!page.ok) {
        broken += 1;
        log.warning(`Broken: ${page.url}`, { status: page.status, from: page.from });
    }
    if (page.ok && new URL(page.url).origin === site) follow(page);
    const { html, ...row } = page;
    await Actor.pushData(row);
    if (read % 10 === 0) await Actor.setStatusMessage(said());
}

log.info(said());
await Actor.exit(said());
