/* What the program does before any library begins: see CStart.c. Nothing of it is called. */
