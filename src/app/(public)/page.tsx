export default function Landing() {
  return (
    <main id="content">
      <h1 className="font-display text-56">Toolmint 1,250</h1>
      <p className="text-14">hello</p>
    </main>
  );
}
