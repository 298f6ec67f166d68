// Runs in the report: draws the charts and links answer, pair, film strip, heatmaps, maps and gallery through one state.
import { nameImages } from './crop.js';
import { startGallery } from './gallery.js';
import { startFilm } from './film.js';
import { startHeat } from './heat.js';
import { startLayers } from './layers.js';
import { startMaps } from './maps.js';
import { startMended } from './mended.js';
import { startModels } from './models.js';
import { changed, selectModel, state } from './page-state.js';
import { startPair } from './pair.js';
import { startShell } from './shell.js';
import { startStrip } from './strip.js';

nameImages();
startShell();
startModels();
startPair();
startStrip();
startHeat();
startMaps();
startGallery();
startMended();
startLayers();
startFilm();
changed('heat');
selectModel(state.model);
document.documentElement.dataset['ready'] = String(Math.round(performance.now()));
