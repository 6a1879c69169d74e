using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Container.Engine.Errors;
using Container.Engine.Images;
using Container.Engine.Images.Archives;
using Xunit;
using Processor = System.Runtime.InteropServices.Architecture;

namespace Container.Engine.Tests.Images;

/// <summary>Which images of a layout are taken: judged by what they are, in work bounded by what is distinct.</summary>
public sealed class LayoutTests
{
    private static readonly TarBuilder s_layer = new TarBuilder().Directory("./").File("f", "f");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("signature")]
    [InlineData("attestation")]
    [InlineData("artifact")]
    [InlineData("chart")]
    [InlineData("no system")]
    [InlineData("other system")]
    [InlineData("other architecture")]
    [InlineData("unknown type")]
    public void What_is_no_image_of_this_machine_is_left_out_with_a_warning(string what)
    {
        using ImageFixture fixture = new();
        LayoutBuilder layout = new(Path.Combine(fixture.Root, "layout"));
        string path = layout.Add(Other(layout, what)).Image("right:1", s_layer).Write();
        List<string> warnings = [];
        using (EngineWarning.Hear(warnings.Add))
        {
            Assert.Equal(["right:1"], Assert.Single(fixture.Service.Import(path, cancellation: Cancellation)).References);
        }

        Assert.Contains("left out", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("artifact")]
    public void A_layout_without_an_image_is_an_error(string what)
    {
        using ImageFixture fixture = new();
        LayoutBuilder layout = new(Path.Combine(fixture.Root, "layout"));
        string path = layout.Add(Other(layout, what)).Write();
        Assert.Equal(
            ErrorId.ArchiveInvalid,
            Assert.Throws<EngineException>(() => fixture.Service.Import(path, cancellation: Cancellation)).Id);
        fixture.AssertEmpty();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Among_variants_the_best_that_runs_here_is_taken(bool nested, bool said)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Processor.X64, "levels of x86-64");
        using ImageFixture fixture = new();
        LayoutBuilder layout = new(Path.Combine(fixture.Root, "layout"));
        string best = new[] { "v2", "v3", "v4" }.Last(variant => variant == "v2" || ProcessorVariant.Rank(variant) > 0);
        string[] variants = ["", "v9", "v2", "v4", "v3"];
        JsonObject[] entries =
        [
            .. variants.Select(variant =>
            {
                JsonObject config = LayoutBuilder.Config(s_layer);
                config["author"] = variant;
                if (variant.Length > 0) config["variant"] = variant;
                JsonObject entry = layout.Manifest(config, s_layer);
                JsonObject platform = new() { ["os"] = "linux", ["architecture"] = "amd64" };
                if (variant.Length > 0) platform["variant"] = variant;
                if (said || nested) entry["platform"] = platform;
                entry["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = "many:1" };
                return entry;
            }),
        ];
        if (nested) layout.Add(layout.Index(entries));
        else foreach (JsonObject entry in entries) layout.Add(entry);
        ImageRecord image = Assert.Single(fixture.Service.Import(layout.Write(), cancellation: Cancellation));
        Assert.Equal(best, image.Author);
    }

    [Fact]
    public void Levels_and_versions_are_ranked()
    {
        (string?, Processor, int)[] tried =
        [
            (null, Processor.X64, 30), ("v1", Processor.X64, 30), ("v3", Processor.X64, 30),
            ("v4", Processor.X64, 30), ("x", Processor.X64, 30), ("v8", Processor.Arm64, 81),
            ("v8.1", Processor.Arm64, 81), ("v8.2", Processor.Arm64, 81), (null, Processor.Arm64, 81),
        ];
        Assert.Equal(
            [10, 10, 30, -1, -1, 80, 81, -1, 0],
            tried.Select(one => ProcessorVariant.Rank(one.Item1, one.Item2, one.Item3)));
    }

    [Fact]
    public void A_manifest_named_ten_thousand_times_is_read_once()
    {
        using ImageFixture fixture = new();
        LayoutBuilder layout = new(Path.Combine(fixture.Root, "layout"));
        JsonObject config = LayoutBuilder.Config(s_layer);
        config["author"] = new string('a', 7 << 20);
        JsonObject manifest = layout.Manifest(config, s_layer);
        for (int i = 0; i < 10_000; i++)
        {
            JsonObject entry = (JsonObject)manifest.DeepClone();
            entry["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = $"n{i % 10}:1" };
            layout.Add(entry);
        }

        Stopwatch watch = Stopwatch.StartNew();
        ImageRecord image = Assert.Single(fixture.Service.Import(layout.Write(), cancellation: Cancellation));
        Assert.Equal(10, image.References.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task An_import_of_many_images_can_be_stopped()
    {
        using ImageFixture fixture = new();
        LayoutBuilder layout = new(Path.Combine(fixture.Root, "layout"));
        for (int i = 0; i < 2_000; i++)
        {
            JsonObject config = LayoutBuilder.Config(s_layer);
            config["author"] = $"{i}";
            layout.Add(layout.Manifest(config, s_layer));
        }

        string path = layout.Write();
        using CancellationTokenSource stop = new();
        Task work = Task.Run(() => fixture.Service.Import(path, cancellation: stop.Token), Cancellation);
        await Task.Yield();
        Stopwatch watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("manifests")]
    [InlineData("manifests/0/digest")]
    [InlineData("manifests/0")]
    [InlineData("config/rootfs")]
    [InlineData("config/rootfs/diff_ids")]
    [InlineData("config/rootfs/diff_ids/0")]
    [InlineData("config/os")]
    [InlineData("config/architecture")]
    [InlineData("config/config/Cmd/0")]
    [InlineData("config/config/Env/0")]
    [InlineData("config/config/Labels/a")]
    [InlineData("config/history/0")]
    [InlineData("manifest/config")]
    [InlineData("manifest/config/digest")]
    [InlineData("manifest/layers/0")]
    [InlineData("manifest/layers")]
    [InlineData("manifest/layers/0/digest")]
    [InlineData("manifest/layers/0/annotations/a")]
    public void A_null_is_an_error_with_an_id(string place)
    {
        using ImageFixture fixture = new();
        LayoutBuilder layout = new(Path.Combine(fixture.Root, "layout"));
        JsonObject config = LayoutBuilder.Config(s_layer);
        config["config"]!["Labels"] = new JsonObject { ["a"] = "b" };
        config["history"] = new JsonArray(new JsonObject());
        if (place.StartsWith("config/", StringComparison.Ordinal)) Clear(config, place["config/".Length..]);
        JsonObject layer = layout.Blob(LayoutBuilder.LayerType, s_layer.Content);
        layer["annotations"] = new JsonObject { ["a"] = "b" };
        JsonObject manifest = new()
        {
            ["schemaVersion"] = 2,
            ["config"] = layout.Document(LayoutBuilder.ConfigType, config),
            ["layers"] = new JsonArray(layer),
        };
        if (place.StartsWith("manifest/", StringComparison.Ordinal)) Clear(manifest, place["manifest/".Length..]);
        layout.Add(layout.Document(LayoutBuilder.ManifestType, manifest));
        string index = Path.Combine(layout.Write(), "index.json");
        JsonNode document = JsonNode.Parse(File.ReadAllText(index))!;
        if (place.StartsWith("manifests", StringComparison.Ordinal)) Clear(document, place);
        File.WriteAllText(index, document.ToJsonString());
        EngineException failure = Assert.Throws<EngineException>(
            () => fixture.Service.Import(layout.Path, cancellation: Cancellation));
        Assert.Equal(ErrorId.ArchiveInvalid, failure.Id);
        fixture.AssertEmpty();
    }

    [Theory]
    [InlineData("""[null]""")]
    [InlineData("""[{"Config":null}]""")]
    [InlineData("""[{"Config":"c.json","RepoTags":[null],"Layers":["l"]}]""")]
    [InlineData("""[{"Config":"c.json","RepoTags":["a:1"],"Layers":[null]}]""")]
    [InlineData("""[{"Config":"c.json","RepoTags":["a:1"],"Layers":null}]""")]
    public void A_null_in_a_docker_archive_is_an_error_with_an_id(string manifest)
    {
        using ImageFixture fixture = new();
        string path = fixture.Write(new TarBuilder().File("manifest.json", manifest).File("l", s_layer.Content)
            .File("c.json", LayoutBuilder.Config(s_layer).ToJsonString()).ToArray());
        Assert.Equal(
            ErrorId.ArchiveInvalid,
            Assert.Throws<EngineException>(() => fixture.Service.Import(path, cancellation: Cancellation)).Id);
        fixture.AssertEmpty();
    }

    [Theory]
    [InlineData('x', 3L << 30)]
    [InlineData('g', 3L << 30)]
    [InlineData('x', (2L << 30) - 1)]
    [InlineData('L', 3L << 30)]
    public void An_extended_header_that_is_too_large_is_an_error_with_an_id(char type, long size)
    {
        using ImageFixture fixture = new();
        string path = fixture.Write(new TarBuilder().Header("pax", type, size).File("f", "x").ToArray());
        Assert.Equal(
            ErrorId.LimitExceeded,
            Assert.Throws<EngineException>(() => fixture.Service.Import(path, cancellation: Cancellation)).Id);
        fixture.AssertEmpty();
    }

    [Fact]
    public void An_import_says_which_image_loses_its_name()
    {
        using ImageFixture fixture = new();
        List<string> warnings = [];
        using IDisposable hearing = EngineWarning.Hear(warnings.Add);
        string first = new LayoutBuilder(Path.Combine(fixture.Root, "first")).Image("name:1", s_layer).Write();
        ImageRecord image = fixture.Service.Import(first, cancellation: Cancellation)[0];
        fixture.Service.Import(first, cancellation: Cancellation);
        Assert.Empty(warnings);
        string other = new LayoutBuilder(Path.Combine(fixture.Root, "other"))
            .Image("name:1", s_layer, new TarBuilder().File("g", "g")).Write();
        fixture.Service.Import(other, cancellation: Cancellation);
        Assert.Contains(image.Id[..12], Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void All_documents_together_are_bounded()
    {
        using ImageFixture fixture = new(new ArchiveLimits { Documents = 4096 });
        LayoutBuilder layout = new(Path.Combine(fixture.Root, "many"));
        for (int i = 0; i < 20; i++) layout.Image($"name:{i}", new TarBuilder().File($"f{i}", ""));
        EngineException failure = Assert.Throws<EngineException>(
            () => fixture.Service.Import(layout.Write(), cancellation: Cancellation));
        Assert.Equal(ErrorId.LimitExceeded, failure.Id);
        fixture.AssertEmpty();
    }

    [Fact]
    public void A_directory_of_skopeo_is_an_image()
    {
        using ImageFixture fixture = new();
        string layout = new LayoutBuilder(Path.Combine(fixture.Root, "layout")).Image("a:1", s_layer).Write();
        string directory = Path.Combine(fixture.Root, "dir");
        ProcessStartInfo start = new("skopeo", ["copy", "--quiet", "--insecure-policy", $"oci:{layout}:a:1", $"dir:{directory}"]);
        try
        {
            using Process skopeo = Process.Start(start)!;
            skopeo.WaitForExit();
            Assert.Equal(0, skopeo.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("needs skopeo");
        }

        ImageRecord image = Assert.Single(fixture.Service.Import(directory, "dir:1", cancellation: Cancellation));
        Assert.Equal([LayoutBuilder.Digest(s_layer.Content)], image.LayerDigests);
        Assert.Equal(["sh"], image.Config.Command);
    }

    private static JsonObject Other(LayoutBuilder layout, string what)
    {
        JsonObject config = LayoutBuilder.Config(s_layer);
        JsonObject Manifest(string configType, string layerType) => layout.Document(
            LayoutBuilder.ManifestType,
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = LayoutBuilder.ManifestType,
                ["config"] = layout.Document(configType, config),
                ["layers"] = new JsonArray(layout.Blob(layerType, "{}"u8.ToArray())),
            });
        switch (what)
        {
            case "signature":
                return Manifest(LayoutBuilder.ConfigType, "application/vnd.dev.cosign.simplesigning.v1+json");
            case "attestation":
                return Manifest(LayoutBuilder.ConfigType, "application/vnd.in-toto+json");
            case "chart":
                return Manifest("application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart.content.v1.tar+gzip");
            case "artifact":
                JsonObject manifest = new()
                {
                    ["schemaVersion"] = 2,
                    ["artifactType"] = "application/spdx+json",
                    ["config"] = layout.Blob("application/vnd.oci.empty.v1+json", "{}"u8.ToArray()),
                    ["layers"] = new JsonArray(),
                };
                return layout.Document(LayoutBuilder.ManifestType, manifest);
            case "unknown type":
                return layout.Blob("application/vnd.example.thing", "x"u8.ToArray());
            case "no system":
                config["os"] = "";
                break;
            case "other system":
                config["os"] = "windows";
                break;
            case "other architecture":
                config["architecture"] = "s390x";
                break;
        }

        return layout.Manifest(config, s_layer);
    }

    private static void Clear(JsonNode document, string place)
    {
        string[] parts = place.Split('/');
        foreach (string part in parts[..^1])
            document = int.TryParse(part, out int index) ? document[index]! : document[part]!;
        if (int.TryParse(parts[^1], out int last)) document[last] = null;
        else document[parts[^1]] = null;
    }
}
