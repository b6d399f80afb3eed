from aftershock.cli import main

main()
