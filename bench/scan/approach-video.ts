import type { GreyImage } from '../../test/web/camera/grey-image.js';
import { writeY4m } from '../../test/web/camera/fake-camera.js';
import { photograph, type PrintedPage, type Shot } from '../../test/web/camera/photograph.js';
import { between, seededRandom } from '../../test/web/camera/seeded-random.js';

/** Side of the square in the upper left corner that tells whether the code is in view: white before, black then. */
export const MARK = 24;

const FRAME = { width: 1280, height: 720 };
const FPS = 15;
const BEFORE = 8;
const APPROACH = 8;
const HELD = 4;
const FRAMES_PER_PICTURE = 2;
const HELD_ROUNDS = 10;

/**
 * Writes what a camera sees when somebody brings it over a certificate: half a second of table, then a second of coming nearer with
 * a shaking hand and the focus behind, then a hand that holds nearly still.
 */
export function writeApproach(path: string, page: PrintedPage, seed: number): void {
  const random = seededRandom(seed);
  const around = (most: number): number => between(random, -most, most);
  const end: Shot = {
    ...FRAME,
    distance: between(random, 105, 140),
    pitch: around(12),
    yaw: around(12),
    roll: around(20),
    off: { x: around(6), y: around(4) },
    curl: around(1),
    blur: between(random, 0.5, 0.9),
    motion: { length: 1, angle: between(random, 0, 180) },
    light: { brightest: between(random, 0.6, 0.9), falloff: between(random, 0.6, 0.9), angle: between(random, 0, 360) },
    noise: 6,
    seed,
  };
  const coming = Array.from({ length: APPROACH }, (_, i) => {
    const left = 1 - i / APPROACH;
    return photograph(page, {
      ...end,
      distance: end.distance * (1 + 1.1 * left),
      yaw: end.yaw + 10 * left,
      blur: end.blur + 1.2 * left,
      motion: { length: 1 + 5 * left, angle: end.motion.angle },
      off: { x: end.off.x + 20 * left, y: end.off.y + 8 * left },
      seed: seed + i,
    });
  });
  const held = Array.from({ length: HELD }, (_, i) =>
    photograph(page, {
      ...end,
      off: { x: end.off.x + around(1), y: end.off.y + around(1) },
      motion: { length: between(random, 0, 1.5), angle: between(random, 0, 180) },
      seed: seed + 100 + i,
    }),
  );
  const table = photograph({ ...page, target: { x: -900, y: -900 } }, end);
  const pictures = [
    ...repeated([marked(table, 255)], BEFORE),
    ...coming.flatMap((picture) => repeated([marked(picture, 0)], FRAMES_PER_PICTURE)),
    ...repeated(
      held.map((picture) => marked(picture, 0)),
      HELD_ROUNDS,
    ),
  ];
  writeY4m(path, pictures, { fps: FPS });
}

function repeated<T>(values: T[], times: number): T[] {
  return Array.from({ length: times }, () => values).flat();
}

function marked(picture: GreyImage, brightness: number): GreyImage {
  for (let y = 0; y < MARK; y++) picture.data.fill(brightness, y * picture.width, y * picture.width + MARK);
  return picture;
}
