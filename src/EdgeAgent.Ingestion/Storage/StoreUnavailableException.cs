namespace EdgeAgent.Ingestion.Storage;

/// <summary>The database cannot be read or written now: disk full, I/O error, locked, gone.</summary>
internal sealed class StoreUnavailableException(string message, Exception cause) : Exception(message, cause);
