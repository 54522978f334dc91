// A script that loads, lives, and never says anything.
setInterval(() => {}, 1000);
