namespace EdgeAgent.Tests.Documentation;

public sealed class LinkTests
{
    [Fact]
    public void Every_link_of_every_page_leads_somewhere()
    {
        var dead = new List<string>();
        int followed = 0;
        foreach (string page in Repository.Pages())
        {
            string path = Path.Combine(Repository.Root, page);
            foreach (string link in MarkdownPage.Read(path).Links)
            {
                string[] parts = link.Split('#', 2);
                string target = parts[0].Length == 0 ? path : Path.GetFullPath(parts[0], Path.GetDirectoryName(path)!);
                bool leads = (File.Exists(target) || Directory.Exists(target)) && (parts.Length == 1 || MarkdownPage.Read(target).Anchors.Contains(parts[1]));
                followed++;
                if (!leads)
                {
                    dead.Add($"{page}: {link}");
                }
            }
        }
        Assert.True(followed > 100, $"only {followed} links were found");
        Assert.True(dead.Count == 0, string.Join('\n', dead));
    }

    [Fact]
    public void Every_page_is_reached_from_the_readme()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var pages = new Queue<string>([Path.Combine(Repository.Root, "README.md")]);
        while (pages.TryDequeue(out string? page))
        {
            if (!reached.Add(page))
            {
                continue;
            }
            foreach (string link in MarkdownPage.Read(page).Links)
            {
                string target = Path.GetFullPath(link.Split('#')[0], Path.GetDirectoryName(page)!);
                bool isPage = File.Exists(target) && target.EndsWith(".md", StringComparison.Ordinal);
                foreach (string next in Directory.Exists(target) ? Directory.GetFiles(target, "*.md") : isPage ? [target] : [])
                {
                    pages.Enqueue(next);
                }
            }
        }
        Assert.DoesNotContain(Repository.Pages(), page => !reached.Contains(Path.Combine(Repository.Root, page)));
    }
}
