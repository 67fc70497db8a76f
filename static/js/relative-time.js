/* time[data-relative] reads "12 min ago", time[data-since] "11 m 48 s"; same words as fmt.py. */
const [MINUTE, HOUR, DAY] = [60, 3600, 86400];
const two = (number) => String(number).padStart(2, "0");

function relative(seconds) {
  const span = Math.abs(seconds);
  let text = `${Math.floor(span / DAY)} days`;
  if (span < MINUTE) text = `${Math.round(span)} s`;
  else if (span < HOUR) text = `${Math.floor(span / MINUTE)} min`;
  else if (span < 2 * DAY) text = `${Math.floor(span / HOUR)} h`;
  return seconds >= 0 ? `${text} ago` : `in ${text}`;
}

function duration(seconds) {
  const whole = Math.max(Math.floor(seconds), 0);
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} m ${two(whole % MINUTE)} s`;
  if (whole < DAY)
    return `${Math.floor(whole / HOUR)} h ${two(Math.floor((whole % HOUR) / MINUTE))} m`;
  return `${Math.floor(whole / DAY)} d ${two(Math.floor((whole % DAY) / HOUR))} h`;
}

function refresh(selector, words) {
  for (const time of document.querySelectorAll(selector)) {
    const text = words((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (time.textContent !== text) time.textContent = text;
  }
}

let ticks = 0;
setInterval(() => {
  if (document.hidden) return;
  refresh("time[data-since]", duration);
  if (ticks++ % 15 === 0) refresh("time[data-relative]", relative);
}, 1000);
