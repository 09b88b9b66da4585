using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Identity;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Identity;

/// <summary>What the files mean, whatever of them is there.</summary>
public sealed class IdentityStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IssuingAuthority _authority = new();
    private readonly IdentityStore _store;

    public IdentityStoreTests() => _store = new IdentityStore(_folder["state/identity"], new MadeKeys(_folder["state/identity"]));

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_device_without_files_is_not_enrolled()
    {
        Assert.Equal((0, 0), (_store.Current, _store.Said));
        Assert.Null(_store.Read(0));
        Assert.Empty(_store.ReadRoots());
    }

    [Fact]
    public void Only_the_agents_user_may_read_the_key()
    {
        Keep(1);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_store.Folder, "1.key")));
    }

    [Fact]
    public void A_key_that_an_earlier_attempt_left_open_to_others_is_not()
    {
        using (_store.TryLock())
        {
            string left = Path.Combine(_store.Folder, "1.key.partial");
            File.WriteAllText(left, "half a key");
            File.SetUnixFileMode(left, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            _store.PrepareRequest(1);
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_store.Folder, "1.key")));
    }

    [Fact]
    public void The_file_of_a_certificate_is_what_it_was()
    {
        Keep(1, renewAfter: 1_790_000_000);

        string[] lines = File.ReadAllLines(Path.Combine(_store.Folder, "1.chain"));
        Assert.Equal("renew-after: 1790000000", lines[0]);
        Assert.Equal("-----BEGIN CERTIFICATE-----", lines[1]);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_790_000_000), _store.Read(1)!.RenewAfter);
        _store.Promote(1);
        Assert.Equal("1\n", File.ReadAllText(Path.Combine(_store.Folder, "current")));
    }

    [Theory]
    [InlineData("current")]
    [InlineData("1.request")]
    [InlineData("roots.pem")]
    public void Of_a_whole_generation_these_may_be_missing(string file)
    {
        Keep(1);
        _store.Promote(1);
        _store.KeepRoots([]);

        File.Delete(Path.Combine(_store.Folder, file));

        Assert.Equal(1, _store.Current);
    }

    [Theory]
    [InlineData("2.chain", "")]
    [InlineData("2.chain", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("2.chain", null)]
    [InlineData("2.key", "no key")]
    [InlineData("2.key", null)]
    [InlineData("current", "two")]
    [InlineData("current", "")]
    public void A_damaged_file_leaves_one_that_works(string file, string? content)
    {
        Keep(1);
        Keep(2);
        _store.Promote(2);

        string path = Path.Combine(_store.Folder, file);
        File.Delete(path);
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        Assert.Equal(file == "current" ? 2 : 1, _store.Current);
        Assert.NotNull(_store.Read(_store.Current));
    }

    [Fact]
    public void A_key_of_another_certificate_makes_no_generation()
    {
        Keep(1);
        Keep(2);
        File.Copy(Path.Combine(_store.Folder, "1.key"), Path.Combine(_store.Folder, "2.key"), overwrite: true);

        Assert.Null(_store.Read(2));
    }

    [Fact]
    public void A_request_is_the_same_until_its_key_is_another()
    {
        byte[] request = Request(1);
        Assert.Equal(request, Request(1));

        File.Delete(Path.Combine(_store.Folder, "1.key"));
        byte[] other = Request(1);

        Assert.NotEqual(request, other);
        Assert.Equal(other, Request(1));
    }

    [Fact]
    public void What_connections_show_changes_with_the_files_and_with_nothing_else()
    {
        Keep(1);
        _store.Promote(1);
        string before = _store.Stamp(null);
        Keep(2);
        Assert.Equal(before, _store.Stamp(null));

        _store.Promote(2);

        Assert.NotEqual(before, _store.Stamp(null));
    }

    [Fact]
    public void One_at_a_time_changes_it()
    {
        using (IDisposable? first = _store.TryLock())
        {
            Assert.NotNull(first);
            Assert.Null(_store.TryLock());
        }

        using IDisposable? next = _store.TryLock();
        Assert.NotNull(next);
    }

    private byte[] Request(int generation)
    {
        using IDisposable? held = _store.TryLock();
        return _store.PrepareRequest(generation);
    }

    private void Keep(int generation, long renewAfter = 0)
    {
        using X509Certificate2 certificate = _authority.Issue(Request(generation), "pump-7", DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(90));
        _store.Keep(generation, StoredCertificate.Write([certificate], renewAfter));
    }
}
