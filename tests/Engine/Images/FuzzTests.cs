using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Container.Engine.Errors;
using Container.Engine.Images;
using Xunit;

namespace Container.Engine.Tests.Images;

/// <summary>What comes from elsewhere: imported or refused with an id, and what is refused leaves nothing.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void A_root_file_system_is_imported_or_refused()
    {
        using ImageFixture fixture = new();
        byte[] tree = new TarBuilder().Directory("d/").File("d/f", "1").Symlink("d/s", "../x").HardLink("d/h", "d/f")
            .Pax("path", "long/name").File("short", "2").LongName("another/name").File("x", "3")
            .Pax("SCHILY.xattr.user.a", "b").File("y", "4").File("d/.wh.gone", "").ToArray();
        Fuzzer.Run([tree], archive => Read(fixture, fixture.Write(archive)), IsRefusal);
    }

    [Theory]
    [InlineData("index")]
    [InlineData("manifest")]
    [InlineData("configuration")]
    public void A_layout_is_imported_or_refused(string damaged)
    {
        using ImageFixture fixture = new();
        TarBuilder layer = new TarBuilder().File("f", "1");
        JsonObject config = LayoutBuilder.Config(layer);
        LayoutBuilder whole = new(Path.Join(fixture.Root, "whole"));
        whole.Image("app:1", layer).Write();
        JsonObject manifest = JsonNode.Parse(Manifest(whole))!.AsObject();
        byte[] seed = damaged switch
        {
            "index" => File.ReadAllBytes(Path.Join(whole.Path, "index.json")),
            "manifest" => JsonSerializer.SerializeToUtf8Bytes(manifest),
            _ => JsonSerializer.SerializeToUtf8Bytes(config),
        };
        Fuzzer.Run([seed], content =>
        {
            string path = Path.Join(fixture.Root, "layout");
            LayoutBuilder layout = new(path);
            layout.Blob(LayoutBuilder.LayerType, layer.Content);
            if (damaged == "configuration") manifest["config"] = layout.Blob(LayoutBuilder.ConfigType, content);
            else layout.Document(LayoutBuilder.ConfigType, config);
            layout.Add(damaged == "manifest"
                ? layout.Blob(LayoutBuilder.ManifestType, content)
                : layout.Document(LayoutBuilder.ManifestType, manifest)).Write();
            if (damaged == "index") File.WriteAllBytes(Path.Join(path, "index.json"), content);
            try
            {
                Read(fixture, path);
            }
            finally
            {
                Directory.Delete(path, recursive: true);
            }
        }, IsRefusal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_docker_archive_is_imported_or_refused(bool manifest)
    {
        using ImageFixture fixture = new();
        TarBuilder layer = new TarBuilder().File("f", "1");
        byte[] config = JsonSerializer.SerializeToUtf8Bytes(LayoutBuilder.Config(layer));
        byte[] list = """[{"Config":"c.json","RepoTags":["app:1","b:2"],"Layers":["l"]}]"""u8.ToArray();
        Fuzzer.Run([manifest ? list : config], content => Read(fixture, fixture.Write(new TarBuilder()
            .File("manifest.json", manifest ? content : list).File("l", layer.Content)
            .File("c.json", manifest ? config : content).ToArray())), IsRefusal);
    }

    [Fact]
    public void A_reference_is_read_or_refused() => Fuzzer.Run(
        [.. new[] { "host", "registry.example:5000/a/b:tag", "a@sha256:" + new string('a', 64) }.Select(Encoding.UTF8.GetBytes)],
        static text =>
        {
            ImageReference read = ImageReference.Parse(Encoding.UTF8.GetString(text));
            Assert.Equal(read, ImageReference.Parse(read.ToString()));
        },
        IsRefusal);

    private static bool IsRefusal(Exception failure) => failure is EngineException { Id.Length: > 0 };

    private static string Manifest(LayoutBuilder layout) => Directory
        .GetFiles(Path.Join(layout.Path, "blobs", "sha256")).Select(File.ReadAllText)
        .First(text => text.Contains("schemaVersion", StringComparison.Ordinal));

    private static void Read(ImageFixture fixture, string path)
    {
        if (Directory.Exists(path))
        {
            foreach (ImageRecord image in fixture.Service.Import(path, cancellation: TestContext.Current.CancellationToken))
                fixture.Service.Remove(image.Id, true, TestContext.Current.CancellationToken);
        }
        else
        {
            fixture.Service.Remove(fixture.Import(path).Id, true, TestContext.Current.CancellationToken);
        }
    }
}
