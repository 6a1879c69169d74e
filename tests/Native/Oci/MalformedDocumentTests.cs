using System.Text;
using Container.Native.Json;
using Container.Native.Oci.Documents;
using Xunit;

namespace Container.Native.Tests.Oci;

public sealed class MalformedDocumentTests
{
    [Theory]
    [InlineData("", "the document is empty")]
    [InlineData(" \n", "the document is empty")]
    [InlineData("{", "not valid JSON at line 1, byte 2")]
    [InlineData("{\n  \"ociVersion\": 1.3.0\n}", "not valid JSON at line 2, byte 20")]
    [InlineData("{} {}", "not valid JSON at line 1, byte 4")]
    [InlineData("{\"a\":1,}", "not valid JSON at line 1, byte 8")]
    [InlineData("// no\n{}", "not valid JSON at line 1, byte 1")]
    [InlineData("[]", "expected an object, found an array")]
    [InlineData("null", "expected an object, found null")]
    [InlineData("\"x\"", "expected an object, found a string")]
    public void SyntaxErrorsSayWhere(string json, string message) => Assert.Equal(message, Documents.Refusal(json));

    [Theory]
    [InlineData("ociVersion", "1", "ociVersion: expected a string, found a number")]
    [InlineData("process", "[]", "process: expected an object, found an array")]
    [InlineData("process.terminal", "\"yes\"", "process.terminal: expected a boolean, found a string")]
    [InlineData("process.args", "\"sh\"", "process.args: expected an array, found a string")]
    [InlineData("process.args", "[\"sh\", 1]", "process.args[1]: expected a string, found a number")]
    [InlineData("process.args", "[\"sh\", null]", "process.args[1]: expected a string, found null")]
    [InlineData("process.user.uid", "-1", "process.user.uid: expected a whole number from 0 to 4294967295, found -1")]
    [InlineData("process.user.gid", "4294967296", "process.user.gid: expected a whole number from 0 to 4294967295, found 4294967296")]
    [InlineData("process.user.additionalGids", "[1,\"2\"]", "process.user.additionalGids[1]: expected a number, found a string")]
    [InlineData("process.oomScoreAdj", "1.5", "process.oomScoreAdj: expected a whole number from -2147483648 to 2147483647, found 1.5")]
    [InlineData("mounts", "{}", "mounts: expected an array, found an object")]
    [InlineData("mounts", "[{\"destination\":\"/a\"},[]]", "mounts[1]: expected an object, found an array")]
    [InlineData("mounts", "[{\"destination\":\"/a\",\"options\":[true]}]", "mounts[0].options[0]: expected a string, found a boolean")]
    [InlineData("annotations", "{\"a.b/c\":1}", "annotations['a.b/c']: expected a string, found a number")]
    [InlineData("hooks.prestart", "[{\"path\":\"/x\",\"timeout\":\"1\"}]", "hooks.prestart[0].timeout: expected a number, found a string")]
    [InlineData("linux", "\"x\"", "linux: expected an object, found a string")]
    [InlineData("linux.resources.memory.limit", "\"1\"", "linux.resources.memory.limit: expected a number, found a string")]
    [InlineData("linux.resources.memory.limit", "9223372036854775808", "linux.resources.memory.limit: expected a whole number from -9223372036854775808 to 9223372036854775807, found 9223372036854775808")]
    [InlineData("linux.resources.blockIO.weight", "65536", "linux.resources.blockIO.weight: expected a whole number from 0 to 65535, found 65536")]
    [InlineData("linux.resources.unified", "{\"memory.high\":1}", "linux.resources.unified['memory.high']: expected a string, found a number")]
    [InlineData("linux.namespaces", "[{\"type\":\"pid\"},{\"type\":[]}]", "linux.namespaces[1].type: expected a string, found an array")]
    [InlineData("linux.seccomp.syscalls", "[{\"args\":[{\"value\":-1}]}]", "linux.seccomp.syscalls[0].args[0].value: expected a whole number from 0 to 18446744073709551615, found -1")]
    [InlineData("linux.timeOffsets", "{\"boottime\":1}", "linux.timeOffsets.boottime: expected an object, found a number")]
    [InlineData("linux.netDevices", "{\"eth0\":null}", "linux.netDevices.eth0: expected an object, found null")]
    public void TypeErrorsNameThePath(string path, string json, string message) =>
        Assert.Equal(message, Documents.Refusal(Documents.With(path, json)));

    [Theory]
    [InlineData("process.args", "[\"/bin/sh\\u0000x\"]", "process.args[0]: contains a NUL character")]
    [InlineData("process.cwd", "\"/\\u0000\"", "process.cwd: contains a NUL character")]
    [InlineData("annotations", "{\"a\\u0000b\":\"\"}", "annotations['a\0b']: contains a NUL character")]
    public void TextThatCannotBeACStringIsRefused(string path, string json, string message) =>
        Assert.Equal(message, Documents.Refusal(Documents.With(path, json)));

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00x")]
    public void TextThatIsNotUnicodeIsRefused(string text) => Assert.Equal(
        "process.args[0]: not valid Unicode",
        Documents.Refusal(Documents.Minimal.Replace("sh", text, StringComparison.Ordinal)));

    [Fact]
    public void ANameThatIsNotUnicodeIsRefused() =>
        Assert.EndsWith("not valid Unicode", Documents.Refusal("{\"\\ud800\": 1}"), StringComparison.Ordinal);

    [Fact]
    public void BytesThatAreNotUtf8AreRefused()
    {
        byte[] json = Encoding.UTF8.GetBytes(Documents.Minimal);
        json[json.AsSpan().IndexOf("\"sh\""u8) + 1] = 0xFF;
        Assert.Equal("process.args[0]: not valid Unicode", Documents.Refusal(json));
        Assert.Equal("not valid JSON at line 1, byte 6", Documents.Refusal([.. "{\"a\":"u8, 0xFF, (byte)'}']));
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(4_000_000)]
    public void DeepNestingIsRefused(int levels) => Assert.Equal(
        "the document nests more than 64 levels deep",
        Documents.Refusal($"{{\"vm\":{new string('[', levels)}"));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void TheLimitOfNestingHoldsInUnknownMembersToo(int levels, bool accepted)
    {
        string value = new string('[', levels) + new string(']', levels);
        string json = Documents.Minimal.Replace("{\"oci", $"{{\"x\":{value},\"oci", StringComparison.Ordinal);
        if (accepted) Assert.Equal("1.3.0", Documents.Read(json).OciVersion);
        else Assert.Equal("the document nests more than 64 levels deep", Documents.Refusal(json));
    }

    [Fact]
    public void ALongDocumentIsRefused() => Assert.Equal(
        "16777217 bytes long, the limit is 16777216", Documents.Refusal(new byte[OciDocument.MaxLength + 1]));

    [Fact]
    public void EveryCutOfADocumentIsRefused()
    {
        byte[] json = Encoding.UTF8.GetBytes(Documents.Minimal);
        for (int length = 0; length < json.Length; length++)
        {
            byte[] cut = json[..length];
            Assert.Throws<DocumentException>(() => OciDocument.ReadSpec(cut));
        }
    }

    [Fact]
    public void NoChangeOfAByteEscapesAsAnotherException()
    {
        byte[] json = OciDocument.Write(FullDocument.Create());
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. json];
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                OciDocument.ReadSpec(changed);
            }
            catch (DocumentException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        }
    }
}
