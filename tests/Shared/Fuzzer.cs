using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Container.Tests;

/// <summary>
/// Damages inputs at random and hands them to a reader, which may refuse them in its own way and in no other. Two seconds
/// and always the same inputs by default; <c>CONTAINER_FUZZ_SECONDS</c> and <c>CONTAINER_FUZZ_SEED</c> say otherwise
/// (./build.sh fuzz). An input that fails is kept below /tmp.
/// </summary>
internal static class Fuzzer
{
    private const double Longest = 20;

    private static readonly byte[][] s_words =
    [
        .. new[]
        {
            "null", "true", "0", "-1", "1e308", "9223372036854775808", "18446744073709551616", "\"\"", "[]", "{}", "[null]", "{\"\":",
            "\"\\u0000\"", "\"\\ud800\"", "..", "/../", "\n", "@", ":", "sha256:", "\u202e", "././@LongLink", "GNU.sparse.size=",
            "77777777777", "99999999999",
        }.Select(Encoding.UTF8.GetBytes),
        [0], [0xFF], [0x80, 0, 0, 0, 0, 0, 0, 1], [0xC0, 0x80], new byte[512],
    ];

    /// <summary>Reads damaged inputs until the time is over.</summary>
    /// <param name="seeds">Inputs that are whole.</param>
    /// <param name="read">The reader.</param>
    /// <param name="isRefusal">Whether an exception is how it refuses an input.</param>
    public static void Run(IReadOnlyList<byte[]> seeds, Action<byte[]> read, Func<Exception, bool> isRefusal)
    {
        int seed = Setting("CONTAINER_FUZZ_SEED", 1);
        TimeSpan enough = TimeSpan.FromSeconds(Setting("CONTAINER_FUZZ_SECONDS", 2));
        Random random = new(seed);
        Stopwatch all = Stopwatch.StartNew();
        foreach (byte[] whole in seeds) read(whole);
        for (int round = 0; all.Elapsed < enough; round++)
        {
            byte[] input = Damage(random, seeds);
            Stopwatch one = Stopwatch.StartNew();
            try
            {
                read(input);
            }
            catch (Exception failure) when (isRefusal(failure))
            {
                // As it should.
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}: {Keep(input)}", failure);
            }

            if (one.Elapsed.TotalSeconds > Longest)
                throw new InvalidOperationException($"seed {seed}, round {round}: {one.Elapsed} for {Keep(input)}");
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int set) ? set : otherwise;

    private static string Keep(byte[] input)
    {
        string path = Path.Join("/tmp", $"container-fuzz-{Guid.NewGuid():N}");
        File.WriteAllBytes(path, input);
        return path;
    }

    private static byte[] Damage(Random random, IReadOnlyList<byte[]> seeds)
    {
        List<byte> input = [.. seeds[random.Next(seeds.Count)]];
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            int at = random.Next(input.Count + 1);
            int length = Math.Min(random.Next(1, 40), input.Count - at);
            switch (random.Next(6))
            {
                case 0 when at < input.Count:
                    input[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    input.RemoveRange(at, length);
                    break;
                case 2:
                    input.InsertRange(at, input.GetRange(at, length));
                    break;
                case 3:
                    byte[] other = seeds[random.Next(seeds.Count)];
                    int start = random.Next(other.Length + 1);
                    input.InsertRange(at, other[start..Math.Min(start + 200, other.Length)]);
                    break;
                case 4:
                    ReplaceNumber(random, input, at);
                    break;
                default:
                    byte[] word = s_words[random.Next(s_words.Length)];
                    if (random.Next(2) == 0) input.RemoveRange(at, Math.Min(word.Length, input.Count - at));
                    input.InsertRange(at, word);
                    break;
            }
        }

        return [.. input];
    }

    private static void ReplaceNumber(Random random, List<byte> input, int at)
    {
        int first = input.FindIndex(at, one => char.IsAsciiDigit((char)one));
        if (first < 0) return;
        int end = input.FindIndex(first, one => !char.IsAsciiDigit((char)one));
        input.RemoveRange(first, (end < 0 ? input.Count : end) - first);
        long number = random.NextInt64() >> random.Next(64);
        input.InsertRange(first, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
    }
}
