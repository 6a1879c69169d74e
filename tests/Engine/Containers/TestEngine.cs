using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers;
using Container.Engine.Images;
using Container.Engine.Settings;
using Container.Engine.Tests.Images;
using Container.Engine.Tests.Unprivileged;
using Xunit;

namespace Container.Engine.Tests.Containers;

/// <summary>An engine of one test: roots of its own under /tmp, everything removed at the end.</summary>
internal sealed class TestEngine : IDisposable
{
    private static readonly string[] Applets =
    [
        "sh", "sleep", "cat", "echo", "id", "ln", "ls", "rm", "true", "false", "seq", "env", "yes", "head", "dd", "mkdir", "touch",
        "hostname", "pwd", "kill", "nproc", "stat", "wc", "tail", "printf", "test", "grep", "stty", "readlink",
    ];

    private readonly string root = $"/tmp/pscontainer-tests-{Guid.NewGuid():N}";

    public TestEngine()
    {
        TestUser.RequireIds();
        Options = new EngineOptions
        {
            StateRoot = $"{root}/state", RunRoot = $"{root}/run", RuntimePath = FindRuntime(),
            ConfigurationRoot = $"{root}/configuration",
        };
        Directory.CreateDirectory(root);
        Engine = ContainerEngine.Open(Options);
    }

    public EngineOptions Options { get; }

    public ContainerEngine Engine { get; }

    public ContainerService Containers => Engine.Containers;

    public string Root => root;

    public ContainerRecord Make(ContainerConfiguration configuration) =>
        Containers.Create(configuration, TestContext.Current.CancellationToken);

    /// <summary>A root directory with a static busybox, for containers of a directory.</summary>
    public string MakeRootFs(string? passwd = null, string? group = null)
    {
        const string busybox = "/bin/busybox";
        if (!File.Exists(busybox)) Assert.Skip("needs a static busybox");
        string rootFs = $"{root}/rootfs-{Guid.NewGuid():N}";
        foreach (string directory in (string[])["bin", "etc", "proc", "sys", "dev", "tmp"])
        {
            Directory.CreateDirectory($"{rootFs}/{directory}");
        }

        File.Copy(busybox, $"{rootFs}/bin/busybox");
        foreach (string applet in Applets)
        {
            File.CreateSymbolicLink($"{rootFs}/bin/{applet}", "busybox");
        }

        File.WriteAllText(
            $"{rootFs}/etc/passwd", passwd ?? "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1001::/srv:/bin/sh\n");
        File.WriteAllText($"{rootFs}/etc/group", group ?? "root:x:0:\nweb:x:1001:\nextra:x:2000:other,web\n");
        return rootFs;
    }

    /// <summary>Imports an image of these layers, the lowest first.</summary>
    public ImageRecord Import(string name, params TarBuilder[] layers)
    {
        string layout = new LayoutBuilder($"{root}/layout-{Guid.NewGuid():N}").Image(name, layers).Write();
        return Assert.Single(Engine.Images.Import(layout, cancellation: TestContext.Current.CancellationToken));
    }

    /// <summary>Runs a script in a container of the image; returns what it wrote.</summary>
    public IEnumerable<string> Run(string image, string script)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ContainerRecord made = Make(ContainerLayerTests.Configuration(image, script));
        Containers.Start(made.Id, cancellation);
        int code = Containers.Wait(made.Id, cancellation).ExitCode;
        string[] lines = [.. Containers.ReadLog(made.Id, null, cancellation).Select(entry => entry.Line)];
        Containers.Remove(made.Id, cancellation: cancellation);
        Assert.True(code == 0, string.Join('\n', lines));
        return lines;
    }

    /// <summary>An engine that can start containers.</summary>
    public static TestEngine WithRuntime()
    {
        if (!File.Exists(FindRuntime())) Assert.Skip("needs psrun: dotnet publish src/Runtime -c Release");
        return new TestEngine();
    }

    /// <summary>The runtime that was built, or none: then only tests that start nothing run.</summary>
    public static string FindRuntime()
    {
        string? named = Environment.GetEnvironmentVariable("PSCONTAINER_RUNTIME");
        if (!string.IsNullOrEmpty(named)) return named;
        return Path.Join(Repository.Root, "artifacts/publish/Runtime/release_linux-x64/psrun");
    }

    public void Dispose()
    {
        try
        {
            foreach (ContainerRecord container in Containers.List())
            {
                Containers.Remove(container.Id, force: true);
            }
        }
        finally
        {
            TestUser.Remove(root);
        }
    }
}
