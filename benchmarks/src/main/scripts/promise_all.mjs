// Promise.all over N tasks that each wait; prints the peak resident memory in KiB.
const [tasks, millis] = process.argv.slice(2).map(Number);

function task(i) {
  return new Promise((resolve) => setTimeout(() => resolve(i), millis));
}

const results = await Promise.all(Array.from({ length: tasks }, (_, i) => task(i)));
if (results.length !== tasks) throw new Error("tasks are missing");
console.log(process.resourceUsage().maxRSS);
