// DatabaseSQLite
