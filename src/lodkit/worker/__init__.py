"""What runs in the child process of the sandbox: the engine, with all taken away that it does not need."""
