using System.Net.Http.Json;
using System.Text.Json;
using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Ingestion.Storage.Postgres;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Grpc.Core;
using static EdgeAgent.Ingestion.Tests.Uploads;

namespace EdgeAgent.Ingestion.Tests.Stores;

/// <summary>The whole service on PostgreSQL.</summary>
[Collection(SharedPostgres.Collection)]
public sealed class PostgresServiceTests(SharedPostgres postgres)
{
    private static readonly TimeSpan Liveness = TimeSpan.FromSeconds(60);

    [PostgresFact]
    public async Task What_is_uploaded_is_stored_once_and_shown_by_the_api()
    {
        string connection = await postgres.CreateDatabaseAsync();
        await using RunningService service = await RunningService.StartAsync(options => options.Postgres.Connection = connection);
        UploadRequest[] session = [Open(1), Numbers(1), Numbers(2), Gap(3, 4), Numbers(5, readings: 1)];
        Assert.Equal(5UL, (await service.Client().SendAsync(session)).DurableThrough);
        await service.RestartAsync();
        Assert.Equal(3u, (await service.Client().SendAsync(session)).RecordsSkipped);

        JsonElement summary = await GetAsync(service, "api/summary");
        Assert.Equal((7, 5), (summary.GetProperty("readings").GetInt32(), summary.GetProperty("readingsLost").GetInt32()));
        JsonElement readings = await GetAsync(service, "api/readings?series=plant-1/office/temperature");
        Assert.Equal([1000, 1001, 1002, 2000, 2001, 2002, 5000], readings.GetProperty("readings").EnumerateArray().Select(reading => reading.GetProperty("value").GetInt32()).Order());
    }

    /// <summary>Two instances, a server that is killed, and a device that sends again what was not acknowledged.</summary>
    [PostgresFact]
    public async Task A_server_that_is_killed_costs_no_reading_and_doubles_none()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        string connection = await server.CreateDatabaseAsync();
        using var data = new TemporaryFolder();
        void Configure(IngestionOptions options)
        {
            // The key of the authority is in no database: instances have a copy.
            options.Data = data.Path;
            options.Postgres.Connection = connection;
            options.Ingest.StoreProbe = TimeSpan.FromMilliseconds(200);
        }
        await using RunningService one = await RunningService.StartAsync(Configure);
        await using RunningService two = await RunningService.StartAsync(Configure);
        Protocol.V1.Ingest.IngestClient[] instances = [one.Client(), two.Client()];
        using var stop = new CancellationTokenSource();
        ulong durable = 0;
        int refused = 0;
        Task uploading = Task.Run(async () =>
        {
            for (int attempt = 0; !stop.IsCancellationRequested; attempt++)
            {
                try
                {
                    UploadReceipt receipt = await instances[attempt % 2].SendAsync(
                        [Open(durable + 1), .. Enumerable.Range(1, 5).Select(i => Numbers(durable + (ulong)i, define: true))]);
                    Volatile.Write(ref durable, receipt.DurableThrough);
                }
                catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable or StatusCode.Aborted)
                {
                    refused++;
                    await Task.Delay(50);
                }
            }
        });

        for (int kill = 0; kill < 3; kill++)
        {
            ulong before = Volatile.Read(ref durable);
            await Eventually.TrueAsync(() => Volatile.Read(ref durable) > before + 10 || uploading.IsCompleted, Liveness, "uploads go on");
            await server.KillAsync();
            await server.StartAgainAsync();
        }
        ulong last = Volatile.Read(ref durable);
        await Eventually.TrueAsync(() => Volatile.Read(ref durable) > last || uploading.IsCompleted, Liveness, "uploads go on after the last kill");
        await stop.CancelAsync();
        await uploading;

        JsonElement readings = await GetAsync(one, "api/readings?series=plant-1/office/temperature&limit=100000");
        double[] expected = [.. Enumerable.Range(1, (int)durable).SelectMany(sequence => new[] { sequence * 1000d, (sequence * 1000d) + 1, (sequence * 1000d) + 2 })];
        Assert.Equal(expected, readings.GetProperty("readings").EnumerateArray().Select(reading => reading.GetProperty("value").GetDouble()));
        Assert.True(refused > 0);
    }

    [PostgresFact]
    public async Task Who_listens_for_changes_hears_of_them_again_after_the_server_was_killed()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        var options = new PostgresOptions { Connection = await server.CreateDatabaseAsync() };
        await using var here = new PostgresDatabase(options);
        await using var there = new PostgresDatabase(options);
        var tables = new ControlTables("notes", ["CREATE TABLE notes (id BIGINT PRIMARY KEY)"]);
        await using PostgresControlDatabase changing = PostgresControlDatabase.Open(here, [tables], TimeProvider.System);
        await using PostgresControlDatabase listening = PostgresControlDatabase.Open(there, [tables], TimeProvider.System);
        int told = 0;
        listening.Changed += () => Interlocked.Increment(ref told);

        await server.KillAsync();
        await server.StartAgainAsync();
        await Eventually.TrueAsync(() => Volatile.Read(ref told) > 0, Liveness, "the return counts as a change");
        int before = Volatile.Read(ref told);
        await Eventually.TrueAsync(() => TryChange(changing), Liveness, "the first change after the kill, whose pooled connection is dead");
        await Eventually.TrueAsync(() => Volatile.Read(ref told) > before, Liveness, "the change is told");
    }

    [PostgresFact]
    public async Task A_wrong_password_is_said_at_the_start_and_shown_to_nobody()
    {
        var options = new PostgresOptions { Connection = $"{await postgres.CreateDatabaseAsync()};Password=s3cret;Database=missing" };
        Npgsql.PostgresException refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(
            () => RunningService.StartAsync(running => running.Postgres = options));
        Assert.Contains("missing", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> GetAsync(RunningService service, string path) =>
        await service.Http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    private static bool TryChange(PostgresControlDatabase database)
    {
        try
        {
            database.Change(session => { session.Execute("INSERT INTO notes VALUES (1) ON CONFLICT (id) DO NOTHING"); });
            return true;
        }
        catch (Storage.StoreUnavailableException)
        {
            return false;
        }
    }
}
