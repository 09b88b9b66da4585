using EdgeAgent.Testing;

namespace EdgeAgent.Packaging.Tests;

/// <summary>Packages of stand-ins for the programs, made from the repository's own layouts, scripts and texts in a temporary folder: what dpkg makes of them is real.</summary>
internal sealed class Shop : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="version">Of the product.</param>
    /// <param name="rid">The runtime identifier.</param>
    /// <param name="program">edge-agent or edge-ingestion.</param>
    /// <returns>The files that were made.</returns>
    public IReadOnlyList<string> Make(string version = "1.2.3", string rid = "linux-x64", string program = "edge-agent") => Packages.Write(Request(version, rid, program));

    public PackageRequest Request(string version = "1.2.3", string rid = "linux-x64", string program = "edge-agent", string license = "MIT")
    {
        Directory.CreateDirectory(_folder["published"]);
        // As `config check`: whether something is wrong is for the test to say.
        File.WriteAllText(Path.Combine(_folder["published"], program), "#!/bin/sh\nexec test ! -e /etc/edge-agent/wrong\n");
        File.WriteAllText(Path.Combine(_folder["published"], "libe_sqlite3.so"), "a library");
        AddPackage("some.library", license);
        AddPackage("some.buildtool", "MIT");
        File.WriteAllText(_folder["assets.json"], $$"""
            {
              "packageFolders": { "{{_folder["nuget"]}}/": {} },
              "libraries": { "Some.Library/1.0.0": { "path": "some.library/1.0.0" }, "Some.BuildTool/1.0.0": { "path": "some.buildtool/1.0.0" } },
              "targets": {
                "net10.0": {},
                "net10.0/{{rid}}": {
                  "Some.Library/1.0.0": { "type": "package", "runtime": { "lib/net8.0/Some.Library.dll": {} } },
                  "Some.BuildTool/1.0.0": { "type": "package", "runtime": { "lib/net8.0/_._": {} }, "build": { "build/Some.BuildTool.props": {} } },
                  "EdgeAgent.Protocol/1.0.0": { "type": "project", "runtime": { "bin/EdgeAgent.Protocol.dll": {} } }
                }
              }
            }
            """);
        return new PackageRequest(
            program, version, rid, _folder["published"], Places.Repository, _folder["assets.json"], [], DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), _folder["packages"]);
    }

    public void Dispose() => _folder.Dispose();

    private void AddPackage(string name, string license)
    {
        string folder = Path.Combine(_folder["nuget"], name, "1.0.0");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, $"{name}.nuspec"), $"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
              <id>{name}</id><version>1.0.0</version><license type="expression">{license}</license><copyright>Copyright of {name}</copyright>
            </metadata></package>
            """);
    }
}
