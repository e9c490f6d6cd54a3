// Says below a field for an ISBN, while one types, whether its check digit fits. The server looks again.

export function start(field) {
  const note = document.createElement("p");
  Object.assign(note, { id: `${field.id}-check`, className: "count", ariaLive: "polite" });
  field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), note.id].filter(Boolean).join(" "));
  field.parentElement.after(note);
  const show = () => (note.textContent = verdict(digitsOf(field.value)));
  field.addEventListener("input", show);
  show();
}

function digitsOf(text) {
  return text.toUpperCase().replace(/^\s*(URN:)?ISBN(-1[03])?\s*:?/, "").replace(/[\s\-‐-―]/g, "");
}

function verdict(digits) {
  if (!digits) return "";
  if (!/^\d*X?$/.test(digits)) return "An ISBN has only digits; the last may be an X.";
  if (digits.length === 10) return fits(digits, 11, (place) => 10 - place);
  if (digits.length === 13) return fits(digits, 10, (place) => (place % 2 ? 3 : 1));
  return `${digits.length} of 10 or 13 digits`;
}

// https://en.wikipedia.org/wiki/ISBN#Check_digits
function fits(digits, divisor, weight) {
  const value = (digit) => (digit === "X" ? 10 : Number(digit));
  const sum = [...digits].reduce((total, digit, place) => total + value(digit) * weight(place), 0);
  return sum % divisor ? "A digit is wrong: the last one does not fit the others." : "The digits fit together.";
}
