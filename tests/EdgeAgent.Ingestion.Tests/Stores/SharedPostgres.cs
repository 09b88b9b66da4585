using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests.Stores;

/// <summary>One server for all tests of this collection, started with the first that needs it. Each test has a database of its own.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    public const string Collection = "PostgreSQL";

    private readonly Lazy<Task<PostgresServer>> _server = new(PostgresServer.StartAsync);

    public async Task<string> CreateDatabaseAsync() => await (await _server.Value).CreateDatabaseAsync();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}

[CollectionDefinition(SharedPostgres.Collection)]
public sealed class SharedPostgresCollection : ICollectionFixture<SharedPostgres>;
