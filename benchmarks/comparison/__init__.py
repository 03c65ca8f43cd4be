"""Sets this project's exports beside other tools', on one compiler and one emulator."""
