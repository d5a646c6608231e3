// What was chosen goes on to the course by itself; without this, by the button.
document.getElementById("back")?.submit();
