using System.Text;
using EdgeAgent.RemoteConfig;

namespace EdgeAgent.Tests.RemoteConfig;

public sealed class RevisionStoreTests : IDisposable
{
    private readonly Device _device = new();

    public void Dispose() => _device.Dispose();

    [Fact]
    public void Nothing_is_created_before_there_is_something_to_remember()
    {
        _device.Start(_device.OpenStore());

        Assert.False(Directory.Exists(_device.StateFolder));
    }

    [Fact]
    public void What_was_saved_is_there_after_a_restart()
    {
        Revision revision = Device.Revision(3, """{ "batch": { "maximumAge": "5m" } }""", bootstrap: true, trialSeconds: 60);
        RevisionStore store = _device.Remembering(revision);
        store.Save((store.State with { Run = new RunRecord(Device.Boot, 7, RunEnd.Settled, 1) })
            .With(new RevisionEvent(revision.Header, RevisionOutcome.Applied, [new RevisionError("/i2c", "ä \"quoted\"")], 5, 3, false)));

        RevisionStore again = _device.OpenStore();

        Assert.Equal(revision.Header, again.State.Good);
        Assert.Equal(new RunRecord(Device.Boot, 7, RunEnd.Settled, 1), again.State.Run);
        RevisionEvent seen = Assert.Single(again.State.Events);
        Assert.Equal((RevisionOutcome.Applied, 5L, 3ul, false), (seen.Outcome, seen.AtUnixNanoseconds, seen.RunningNumber, seen.IsTold));
        Assert.Equal([new RevisionError("/i2c", "ä \"quoted\"")], seen.Errors);
        Assert.True(again.TryRead(again.State.Good, out Revision? read));
        Assert.Equal(revision.Document.ToArray(), read.Document.ToArray());
    }

    [Fact]
    public void Whoever_hears_of_a_state_can_tell_it_on_since_no_power_cut_undoes_it()
    {
        RevisionStore store = _device.OpenStore();
        var onTheDisk = new List<string>();
        store.Saved += () => onTheDisk.Add(RevisionStateFile.Read(_device.Configs).OwnHash);

        store.Save(store.State with { OwnHash = "first" });
        store.Save(store.State with { OwnHash = "second" });

        Assert.Equal(["first", "second"], onTheDisk);
    }

    [Fact]
    public void The_state_on_the_disk_is_one_line_and_its_sum()
    {
        byte[] file = RevisionStateFile.Encode(RevisionState.Empty with { OwnHash = "ab" });

        const string none = """{"number":0,"hash":"","author":"","trialSeconds":0,"mayChangeBootstrap":false}""";
        string line = $$$"""{"v":1,"state":{"ownHash":"ab","good":{{{none}}},"previous":{{{none}}},"trial":{{{none}}},"judged":{{{none}}},"run":null,"events":[]}}""";
        Assert.Equal($"{line}\n{RevisionHeader.HashOf(Encoding.UTF8.GetBytes(line))}\n", Encoding.UTF8.GetString(file));
    }

    [Fact]
    public void A_state_that_was_cut_or_changed_anywhere_is_never_taken_for_one()
    {
        byte[] file = RevisionStateFile.Encode(RevisionState.Empty with { OwnHash = "ab" });
        for (int i = 0; i < file.Length; i++)
        {
            Assert.False(RevisionStateFile.TryDecode(file.AsSpan(..i), out _));
            byte[] changed = [.. file];
            changed[i] ^= 1;
            Assert.False(RevisionStateFile.TryDecode(changed, out _));
        }
    }

    [Fact]
    public void A_damaged_state_is_set_aside_and_the_own_file_runs()
    {
        _device.Remembering(Device.Revision(3, "{}"));
        File.WriteAllText(Path.Combine(_device.Configs, "state.json"), "{ torn");

        RevisionStore store = _device.OpenStore();
        Layered start = _device.Start(store);

        Assert.True(start.Header.IsNone);
        Assert.Single(store.Damage);
        Assert.True(File.Exists(Path.Combine(_device.Configs, "state.json.corrupt-1")));
    }

    [Fact]
    public void A_damaged_document_is_set_aside_and_the_one_before_runs()
    {
        Revision good = Device.Revision(4, """{ "batch": { "maximumAge": "4m" } }""");
        _device.Remembering(Device.Revision(3, "{}"), good);
        string path = RevisionStore.DocumentPath(_device.Configs, good.Header);
        File.WriteAllText(path, """{ "batch": { "maximumAge": "9m" } }""");

        RevisionStore store = _device.OpenStore();
        Layered start = _device.Start(store);

        Assert.Equal(3ul, start.Header.Number);
        Assert.NotEmpty(store.Damage);
        Assert.True(File.Exists(path + ".corrupt-1"));
        // The service hears that 3 runs, and may send 4 again: nobody has said that it is bad.
        Assert.False(store.State.HasGivenUp(good.Header));
    }

    [Fact]
    public void Documents_that_nobody_names_go_with_the_next_write()
    {
        RevisionStore store = _device.Remembering(Device.Revision(1, "{}"), Device.Revision(2, """{"batch":{}}"""), Device.Revision(3, """{"spool":{}}"""));

        Assert.Equal(3, Directory.GetFiles(_device.Configs, "*.json").Length);
        Assert.False(store.TryRead(Device.Revision(1, "{}").Header, out _));
    }

    [Fact]
    public void Where_the_disk_takes_nothing_it_holds_in_memory_and_says_so()
    {
        File.WriteAllText(_device.StateFolder, "no folder");
        RevisionStore store = _device.OpenStore();

        Assert.False(store.Save(RevisionState.Empty with { OwnHash = "ab" }));
        Assert.Equal("ab", store.State.OwnHash);
    }

    [Fact]
    public void History_is_bounded_and_what_is_not_told_stays_longest()
    {
        RevisionState state = RevisionState.Empty.With(Event(1, RevisionOutcome.Rejected));
        for (ulong number = 2; number < 100; number++)
        {
            RevisionEvent news = Event(number, RevisionOutcome.Rejected);
            state = state.With(news).WithTold(news);
        }

        Assert.Equal(RevisionState.MaximumEvents, state.Events.Count);
        Assert.False(Assert.Single(state.Events, seen => seen.Revision.Number == 1).IsTold);
        Assert.Equal(99ul, state.Known);
    }

    private static RevisionEvent Event(ulong number, RevisionOutcome outcome) =>
        new(new RevisionHeader(number, $"{number:x64}", "alice", 0, false), outcome, [], 0, 0, IsTold: false);
}
