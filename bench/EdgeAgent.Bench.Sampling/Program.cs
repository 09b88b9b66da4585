using System.Globalization;
using EdgeAgent.Bench.Sampling;

// dotnet run -c Release --project bench/EdgeAgent.Bench.Sampling [-- SECONDS]
// What 50 sensors at 1 Hz cost, with and without one at 1 kHz or a line with pulses at 1 kHz, and how exactly a fast one is read; against a PeriodicTimer for each sensor, in the same run.
int seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
Console.WriteLine($"{Environment.ProcessorCount} processors, {seconds} s each; a wake-up is a voluntary context switch of any thread of the process");
Console.WriteLine($"{"load",-46}{"readings/s",11}{"wake-ups/s",11}{"CPU ms/s",10}{"B/reading",10}{"jitter µs p50",14}{"p99",8}{"max",9}");
TimeSpan second = TimeSpan.FromSeconds(1);
TimeSpan hundredth = TimeSpan.FromMilliseconds(10);
TimeSpan thousandth = TimeSpan.FromMilliseconds(1);
Measurement.Run("nothing", seconds, new Nothing());
Measurement.Run("50 at 1 Hz: a timer each", seconds, new TimerEach(50, second));
Measurement.Run("50 at 1 Hz: the sampler", seconds, new Sampler(50, second));
Measurement.Run("50 at 1 Hz: the sampler, spread", seconds, new Sampler(50, second, isSpread: true));
Measurement.Run("50 at 1 Hz and 1 at 1 kHz: a timer each", seconds, new TimerEach(50, second, thousandth));
Measurement.Run("50 at 1 Hz and 1 at 1 kHz: the sampler", seconds, new Sampler(50, second, fast: thousandth));
Measurement.Run("50 at 1 Hz and a 1 kHz pulse input", seconds, new Sampler(50, second, hasPulses: true));
Measurement.Run("1 at 100 Hz: a timer", seconds, new TimerEach(0, second, hundredth));
Measurement.Run("1 at 100 Hz: the sampler", seconds, new Sampler(0, second, fast: hundredth));
