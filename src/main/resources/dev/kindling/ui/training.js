// Refreshes the page while a run goes on, and sends drawings to the network. Everything is readable without.
"use strict";

/** Called after each refresh. */
let refreshed = () => {};

/** Fetches this page again and puts its new content in place of the old, until it no longer asks for it. */
function refresh() {
  const content = document.getElementById("training");
  const millis = Number(content.dataset.refresh);
  if (!millis) {
    return;
  }
  setTimeout(async () => {
    if (!document.hidden) {
      try {
        const response = await fetch(location.href, { cache: "no-store" });
        if (response.ok) {
          replace(content, new DOMParser().parseFromString(await response.text(), "text/html"));
          refreshed();
        }
      } catch (error) {
        if (error instanceof TypeError) { // nobody answers any more
          content.removeAttribute("data-refresh");
          const note = document.createElement("p");
          note.textContent = "The application has ended. With spark.eventLog.enabled=true the History Server has this page.";
          content.prepend(note);
        } else {
          throw error;
        }
      }
    }
    refresh();
  }, millis);
}

function replace(content, page) {
  const fresh = page.getElementById("training");
  if (page.getElementById("digit") && !document.getElementById("digit")) {
    location.reload(); // the first run has begun
    return;
  }
  const open = [...content.querySelectorAll("details")].map((details) => details.open);
  content.replaceChildren(...fresh.childNodes);
  content.querySelectorAll("details").forEach((details, k) => { details.open = open[k] || false; });
  content.toggleAttribute("data-refresh", false);
  if (fresh.dataset.refresh) {
    content.dataset.refresh = fresh.dataset.refresh;
  }
}

const SIDE = 28;

/** A canvas that answers each stroke with what the network makes of it, and again as the network learns. */
function draw(digit) {
  const canvas = digit.querySelector("canvas");
  const context = canvas.getContext("2d");
  const scale = canvas.width / SIDE;
  const ink = new Float32Array(SIDE * SIDE);
  let last = null;
  let isAsking = false;
  let isStale = false;

  function paint() {
    for (let k = 0; k < ink.length; k++) {
      const level = Math.round(255 * ink[k]);
      context.fillStyle = `rgb(${level} ${level} ${level})`;
      context.fillRect((k % SIDE) * scale, Math.floor(k / SIDE) * scale, scale, scale);
    }
  }

  /** A soft brush of two pixels, about as thick as the pens of MNIST. */
  function dab(x, y) {
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
        const k = row * SIDE + column;
        ink[k] = Math.max(ink[k], Math.min(1, Math.max(0, 1.7 - distance)));
      }
    }
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  }

  function stroke(event) {
    const [x, y] = place(event);
    const [fromX, fromY] = last || [x, y];
    const dabs = Math.max(1, Math.ceil(2 * Math.hypot(x - fromX, y - fromY)));
    for (let k = 1; k <= dabs; k++) {
      dab(fromX + ((x - fromX) * k) / dabs, fromY + ((y - fromY) * k) / dabs);
    }
    last = [x, y];
    paint();
    ask();
  }

  /** MNIST's digits have their centre of mass in the middle of the image: so is this one, before it is sent. */
  function centred() {
    let mass = 0;
    let x = 0;
    let y = 0;
    ink.forEach((value, k) => {
      mass += value;
      x += value * (k % SIDE);
      y += value * Math.floor(k / SIDE);
    });
    const right = mass ? Math.round(SIDE / 2 - 0.5 - x / mass) : 0;
    const down = mass ? Math.round(SIDE / 2 - 0.5 - y / mass) : 0;
    return Array.from(ink, (_, k) => {
      const column = (k % SIDE) - right;
      const row = Math.floor(k / SIDE) - down;
      const isInside = column >= 0 && column < SIDE && row >= 0 && row < SIDE;
      return isInside ? Math.round(1000 * ink[row * SIDE + column]) / 1000 : 0;
    });
  }

  /** One question at a time; a stroke meanwhile asks again. */
  async function ask() {
    if (isAsking) {
      isStale = true;
      return;
    }
    isAsking = true;
    try {
      const response = await fetch("digit/", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ run: Number(digit.dataset.run), pixels: centred() }),
      });
      const answer = await response.json();
      if (ink.some((value) => value > 0)) { // it may have been cleared meanwhile
        show(answer);
      }
    } catch (error) {
      show({ error: "no answer: the application has ended" });
    }
    isAsking = false;
    if (isStale) {
      isStale = false;
      ask();
    }
  }

  function show(answer) {
    const text = digit.querySelector(".k-answer");
    if (answer.error) {
      text.textContent = answer.error;
      return;
    }
    const best = answer.probabilities.indexOf(Math.max(...answer.probabilities));
    text.textContent = `This is a ${best}, according to the parameters after step ${answer.step}.`;
    digit.querySelectorAll(".k-probabilities tr").forEach((row, c) => {
      row.querySelector("meter").value = answer.probabilities[c];
      row.querySelector(".k-probability").textContent = answer.probabilities[c].toFixed(4);
    });
    const layers = (answer.activations || []).map((layer) => {
      const most = Math.max(...layer, 1e-9);
      const list = document.createElement("div");
      layer.forEach((activation, u) => {
        const unit = document.createElement("span");
        unit.title = `unit ${u}: ${activation.toFixed(3)}`;
        unit.style.setProperty("--k-share", (activation / most).toFixed(3));
        list.append(unit);
      });
      return list;
    });
    digit.querySelector(".k-activations").replaceChildren(...layers);
  }

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = null;
    stroke(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) {
      stroke(event);
    }
  });
  digit.querySelector("button").addEventListener("click", () => {
    ink.fill(0);
    paint();
    digit.querySelector(".k-answer").textContent = "";
    digit.querySelector(".k-activations").replaceChildren();
    digit.querySelectorAll(".k-probabilities tr").forEach((row) => {
      row.querySelector("meter").value = 0;
      row.querySelector(".k-probability").textContent = "";
    });
  });
  refreshed = () => {
    if (ink.some((value) => value > 0)) {
      ask();
    }
  };
  paint();
}

refresh();
if (document.querySelector("#digit canvas")) {
  draw(document.getElementById("digit"));
}
