"""python -m crm_kpi"""

from crm_kpi.cli.main import main

if __name__ == "__main__":
    main()
